/** Meta's Marketing API (Graph v24.0) over sandbox ad accounts, as strict as Meta: fields, versions, history, amounts, tokens, rates. */
import { chanceOf } from '../../market';
import { graphError, graphErrorBody, refuseAsMeta, type GraphError } from '../meta-identity/graph-error';
import { startMetaIdentity, type MetaIdentity } from '../meta-identity/meta-identity';
import { metaPeople } from '../meta-identity/people';
import { startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { accountNode, chosen, edges, rowsOf } from './edges';
import { insightRow, insights } from './insights';
import { insightsQuery, type InsightsQuery } from './insights-query';
import { limitOf, listOf, parametersOf, tooMuch } from './parameters';
import { pages } from './paging';
import { reportRuns } from './report-runs';
import { metaTruth, type MetaTruth } from './truth';
import { usage } from './usage';
import type { AdAccount, World } from './world';

export const sandboxAdAccounts: readonly AdAccount[] = [
  {
    id: '10153098765432109',
    name: 'Alder & Oak Retail (Sandbox)',
    currency: 'USD',
    timeZone: 'America/Los_Angeles',
    people: [metaPeople.marketing.id],
  },
  {
    id: '20482716059384711',
    name: 'Alder & Oak Europe (Sandbox)',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    people: [metaPeople.marketing.id, metaPeople.agency.id],
  },
];

export interface MetaAdsOptions {
  port?: number;
  now?: () => Date;
  seed?: string;
  /** Whose tokens are taken; a login of its own unless told. */
  identity?: Pick<MetaIdentity, 'authorize' | 'issue' | 'revoke' | 'expireTokens' | 'close'>;
  /** 3 unless told; an account has twelve ad sets. */
  adsInSet?: number;
  /** Multiplies what is shown. */
  scale?: number;
  /** Rows beyond which insights are refused; 5,000 at once and 50,000 in a report run unless told. */
  mostRows?: { atOnce: number; inReport: number };
  /** Rows of other lists beyond which a page is refused; 500 unless told. */
  mostInPage?: number;
  /** How often a report run is asked about until it is done; 2 unless told. */
  reportSteps?: number;
  callsAnHour?: number;
}

export interface MetaAdsStandIn extends StandIn {
  identity: Pick<MetaIdentity, 'authorize' | 'issue' | 'revoke' | 'expireTokens'>;
  accounts: readonly AdAccount[];
  /** A token of the person who sees every account. */
  token(): string;
  truth: MetaTruth;
  /** The next requests are refused so, one each. */
  refuse(...errors: GraphError[]): void;
  throttle(minutes: number): void;
  /** What usage headers say from now on. */
  pretendUsage(percent: number, minutesToRegain: number): void;
  failReports(count: number): void;
  expirePages(): void;
  /** From now on there is nothing in the accounts. */
  clear(): void;
  /** Insights beyond so many rows are refused from now on. */
  allowRows(most: { atOnce: number; inReport: number }): void;
}

const readScopes = ['ads_read', 'ads_management'];

const faults: Readonly<Record<number, GraphError>> = {
  400: { code: 100, message: '(#100) Invalid parameter' },
  401: { code: 190, subcode: 463, message: 'Error validating access token: Session has expired.' },
  403: { code: 200, message: '(#200) Ad account owner has NOT grant ads_management or ads_read permission' },
  404: {
    code: 100,
    subcode: 33,
    message: 'Unsupported get request. Object does not exist or cannot be loaded due to missing permissions.',
  },
  429: { code: 4, message: '(#4) Application request limit reached', isTransient: true },
  500: {
    code: 2,
    message: 'An unexpected error has occurred. Please retry your request later.',
    isTransient: true,
  },
  503: { code: 2, message: 'Service temporarily unavailable', isTransient: true },
};

const unknownNode = (id: string): Error =>
  refuseAsMeta({
    code: 100,
    subcode: 33,
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
  });

export const startMetaAds = async (options: MetaAdsOptions = {}): Promise<MetaAdsStandIn> => {
  const now = options.now ?? ((): Date => new Date());
  const {
    seed = 'meta',
    adsInSet = 3,
    scale = 1,
    mostInPage = 500,
    reportSteps = 2,
    callsAnHour = 20_000,
  } = options;
  const identity = options.identity ?? (await startMetaIdentity({ now }));
  const accounts = sandboxAdAccounts;
  let isEmpty = false;
  let mostRows = options.mostRows ?? { atOnce: 5_000, inReport: 50_000 };
  const world: World = {
    seed,
    chance: chanceOf(`meta:${seed}`),
    accounts,
    adsInSet,
    scale,
    isEmpty: () => isEmpty,
  };
  const paging = pages();
  const runs = reportRuns(now, reportSteps);
  const used = usage(now, callsAnHour);
  let refusals: GraphError[] = [];
  let url = '';

  const accountOf = (node: string, person: string): AdAccount => {
    const account = accounts.find(({ id }) => node === `act_${id}`);
    if (!account) throw unknownNode(node);
    if (account.people.includes(person)) return account;
    throw refuseAsMeta({ code: 200, status: 403, message: faults[403]?.message ?? '' });
  };

  const rowsOfInsights = (
    account: AdAccount,
    query: InsightsQuery,
    most: number,
  ): Record<string, unknown>[] => {
    const found = insights(world, account, query, now());
    if (found.length > most) throw tooMuch();
    return found.map((insight) => insightRow(insight, query.fields));
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const refusal = refusals.shift();
    if (refusal) return graphError(refusal);
    const [, version = '', node = '', edge] = request.path.split('/');
    if (version !== 'v24.0') {
      const message =
        '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v24.0.';
      return graphError({ code: 2_635, message });
    }
    const person = identity.authorize(request, node === 'me' && edge === undefined ? [] : readScopes);
    const parameters = parametersOf(request);
    const fields = listOf(parameters, 'fields');
    if (node === 'me') {
      if (edge === undefined) return { status: 200, body: { id: person.id, name: person.name } };
      if (edge !== 'adaccounts') throw unknownNode(`me/${edge}`);
      const own = accounts.filter(({ people }) => people.includes(person.id));
      return paging.answer(
        own.map((account) => chosen(accountNode(account), fields, 'AdAccount')),
        request,
        parameters,
        url,
      );
    }
    const run = runs.find(node);
    if (run) {
      const headers = used.take(run.account.id, 'ads_insights');
      if (edge === undefined) return { status: 200, headers, body: runs.poll(run) };
      if (edge !== 'insights') throw unknownNode(node);
      if (!runs.isDone(run))
        throw refuseAsMeta({
          code: 2_601,
          message: 'Error accessing adreport job. The job is not completed yet.',
        });
      const answered = paging.answer(
        rowsOfInsights(run.account, run.query, Infinity),
        request,
        parameters,
        url,
      );
      return { ...answered, headers };
    }
    const account = accountOf(node, person.id);
    if (edge === 'insights') {
      const headers = used.take(account.id, 'ads_insights');
      const query = insightsQuery(parameters, account, now());
      if (request.method === 'POST') {
        const tooLarge = insights(world, account, query, now()).length > mostRows.inReport;
        return { status: 200, headers, body: { report_run_id: runs.start(account, query, tooLarge).id } };
      }
      return {
        ...paging.answer(rowsOfInsights(account, query, mostRows.atOnce), request, parameters, url),
        headers,
      };
    }
    const headers = used.take(account.id, 'ads_management');
    if (request.method !== 'GET') throw unknownNode(node);
    if (edge === undefined)
      return { status: 200, headers, body: chosen(accountNode(account), fields, 'AdAccount') };
    const known = edges[edge];
    if (!known) throw unknownNode(`${node}/${edge}`);
    if (limitOf(parameters) > mostInPage) throw tooMuch();
    return {
      ...paging.answer(rowsOf(known, world, account, parameters, now()), request, parameters, url),
      headers,
    };
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: (status) =>
      graphErrorBody(faults[status] ?? { code: 1, message: 'An unknown error occurred' }),
  });
  url = standIn.url;
  return {
    ...standIn,
    identity,
    accounts,
    token: () => identity.issue({ user: metaPeople.marketing.id, scopes: ['ads_read'] }),
    truth: metaTruth(world, now),
    refuse: (...errors) => void (refusals = [...refusals, ...errors]),
    recover() {
      refusals = [];
      standIn.recover();
    },
    throttle: (minutes) => used.throttle(minutes),
    pretendUsage: (percent, minutes) => used.pretend(percent, minutes),
    failReports: (count) => runs.failNext(count),
    expirePages: () => paging.expire(),
    clear: () => void (isEmpty = true),
    allowRows: (most) => void (mostRows = most),
    async close() {
      await standIn.close();
      if (!options.identity) await identity.close();
    },
  };
};
