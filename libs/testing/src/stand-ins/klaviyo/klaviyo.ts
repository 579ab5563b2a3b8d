/** A sandbox account of Klaviyo behind its wire format, as strict as Klaviyo: revision 2026-07-15 of its JSON:API. */
import { chanceOf } from '../../market';
import {
  Refusal,
  startStandIn,
  type StandIn,
  type StandInOptions,
  type VendorAnswer,
  type VendorRequest,
} from '../stand-in';
import { answerCollection } from './answer-collection';
import { answerCampaignValues } from './campaign-values';
import { campaignMessages, campaignResources } from './campaigns';
import { collectionAt } from './collections';
import { errorBody, refuse } from './errors';
import { eventBook } from './events';
import type { Condition } from './filter';
import { answerMetricAggregates } from './metric-aggregates';
import { pageCursors } from './paging';
import { limits, rateLimiter, type RateLimit } from './rate-limits';
import type { Resource } from './resource';
import { klaviyoTruth, type KlaviyoTruth } from './truth';
import { account, flows, forms, lists, metrics, profiles, templates, type World } from './world';

export const klaviyoRevision = '2026-07-15';

export interface KlaviyoOptions extends Pick<StandInOptions, 'port' | 'now'> {
  seed?: string;
  apiKey?: string;
  /** 2,400 unless told. */
  people?: number;
  /** 64 unless told. */
  eventsADay?: number;
  /** Days for which events are there; 400 unless told. */
  historyDays?: number;
  /** Nobody and nothing in the account. */
  empty?: boolean;
  /** Days (UTC) without an event. */
  quietDays?: readonly string[];
  /** Refuses more than Klaviyo's requests a second and a minute, by `now`. Reports of campaigns are limited to 225 a day in any case. */
  rateLimits?: boolean;
}

export interface KlaviyoStandIn extends StandIn {
  apiKey: string;
  account: typeof account;
  truth: KlaviyoTruth;
  /** The key is refused from now on. */
  revoke(): void;
  /** Takes `revoke` and `withhold` back. */
  restore(): void;
  /** The key loses a scope, such as `events:read`. */
  withhold(scope: string): void;
  expirePages(): void;
  /** No report of campaigns is left for a day. */
  useUpReports(): void;
  /** From now on there is nobody and nothing in the account. */
  clear(): void;
  /** Events dated at these moments, however far ahead. */
  addFutureEvents(at: Date[]): void;
}

export const startKlaviyo = async (options: KlaviyoOptions = {}): Promise<KlaviyoStandIn> => {
  const { seed = 'klaviyo', apiKey = 'pk_sandbox_key', quietDays = [], rateLimits = false } = options;
  let isEmpty = options.empty ?? false;
  const now = options.now ?? ((): Date => new Date());
  const quiet = new Set(quietDays);
  const world: World = {
    seed,
    chance: chanceOf(`klaviyo:${seed}`),
    profileCount: options.people ?? 2_400,
    eventsADay: options.eventsADay ?? 64,
    historyDays: options.historyDays ?? 400,
    isEmpty: () => isEmpty,
    isQuiet: (date) => quiet.has(date),
  };
  const book = eventBook(world, now);
  const limiter = rateLimiter(now, rateLimits);
  const cursors = pageCursors(now);
  const withheld = new Set<string>();
  let revoked = false;
  let url = '';

  const authorize = ({ headers }: VendorRequest): void => {
    const given = headers.authorization ?? '';
    if (!given) throw refuse(401, 'Missing or invalid authorization header.');
    if (revoked || given !== `Klaviyo-API-Key ${apiKey}`) throw refuse(401);
    const { revision } = headers;
    if (revision !== klaviyoRevision) {
      throw refuse(400, `Invalid revision: '${String(revision ?? '')}' is not an available API revision.`, {
        parameter: 'revision',
      });
    }
  };
  const take = (path: string, scope: string, limit: RateLimit): Record<string, string> => {
    if (withheld.has(scope)) throw refuse(403, `The API key is missing a required scope: ${scope}.`);
    return limiter.take(path, limit);
  };

  const all: Record<string, (conditions: readonly Condition[]) => readonly Resource[]> = {
    account: () => [accountResource],
    metric: () => metrics(world),
    list: () => lists(world),
    flow: () => flows(world),
    form: () => forms(world),
    template: () => templates(world, now()),
    profile: () => profiles(world, now()),
    campaign: () => campaignResources(world, now()),
    'campaign-message': () => campaignMessages(world, now()),
    event: (conditions) => book.between(...rangeOfEvents(conditions)).map(({ resource }) => resource),
  };
  const included = (type: string, ids: ReadonlySet<string>): Resource[] =>
    (all[type]?.([]) ?? []).filter(({ id }) => ids.has(id));

  const answer = (request: VendorRequest): VendorAnswer => {
    authorize(request);
    const path = request.path.replace(/\/$/, '');
    if (request.method === 'POST' && path === '/api/metric-aggregates') {
      const headers = take(path, 'metrics:read', limits.S);
      return { status: 200, headers, body: answerMetricAggregates(world, book, request, url) };
    }
    if (request.method === 'POST' && path === '/api/campaign-values-reports') {
      const headers = take(path, 'campaigns:read', limits.reports);
      return { status: 200, headers, body: answerCampaignValues(world, request, now(), cursors, url) };
    }
    const collection = collectionAt(path);
    if (!collection) throw refuse(404);
    if (request.method !== 'GET') throw refuse(405);
    const headers = take(path, collection.scope, collection.limit);
    const resources = all[collection.type] ?? ((): Resource[] => []);
    const answered = answerCollection(collection, request, resources, included, cursors, url);
    return { ...answered, headers: { ...answered.headers, ...headers } };
  };

  const standIn = await startStandIn(
    (request) => {
      try {
        return answer(request);
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    },
    { ...options, now, errorBody },
  );
  url = standIn.url;
  return {
    ...standIn,
    apiKey,
    account,
    truth: klaviyoTruth(world, book, now),
    revoke: () => void (revoked = true),
    restore: () => {
      revoked = false;
      withheld.clear();
    },
    withhold: (scope) => void withheld.add(scope),
    useUpReports: () => limiter.use('/api/campaign-values-reports', limits.reports.daily),
    expirePages: () => cursors.expire(),
    clear: () => void (isEmpty = true),
    addFutureEvents: (at) => book.addFuture(at),
  };
};

const accountResource: Resource = {
  type: 'account',
  id: account.id,
  attributes: {
    test_account: true,
    contact_information: {
      default_sender_name: 'Alder & Oak',
      default_sender_email: 'hello@example.com',
      website_url: 'https://example.com',
      organization_name: account.name,
      street_address: {
        address1: '1 Sample Street', address2: '', city: 'Boston', region: 'Massachusetts', country: 'United States', zip: '02108',
      }, // prettier-ignore
    },
    industry: 'Home & Garden',
    timezone: account.timeZone,
    preferred_currency: account.currency,
    public_api_key: account.id,
    locale: 'en-US',
  },
};

const wide: [from: number, to: number] = [0, 253_370_764_800_000];

/** Half-open and never too narrow; the conditions themselves decide. */
const rangeOfEvents = (conditions: readonly Condition[]): [from: number, to: number] => {
  let [from, to] = wide;
  for (const { field, operator, value } of conditions) {
    if (field !== 'datetime') continue;
    const at = Date.parse(String(value));
    if (operator.startsWith('greater')) from = Math.max(from, at);
    if (operator.startsWith('less')) to = Math.min(to, at + 1_000);
  }
  return [from, to];
};
