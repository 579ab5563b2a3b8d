/** The stand-in for BigQuery's REST API (v2): datasets, tables, query jobs, and the token endpoint of service accounts. */
import { chanceOf } from '../../market';
import { googleScopes, sandboxAccounts, type GoogleIdentity } from '../google-identity';
import { Refusal, startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { bigQueryError, bigQueryErrorBody, refuseAsBigQuery, type BigQueryReason } from './bigquery-error';
import { QueryJobs, type JobBehaviour } from './query-jobs';
import { field, truthOf, type Field, type Value } from './schema';
import { ServiceAccount, type ServiceAccountKey } from './service-account';
import type { Relation } from './sql';
import { datasets, projectId, sandboxTables } from './tables';
import type { SandboxTable, World } from './world';

export interface BigQueryOptions {
  /** Says whose an OAuth token is; without it, only the service account gets in. */
  identity?: Pick<GoogleIdentity, 'authorize'>;
  seed?: string | number;
  port?: number;
  now?: () => Date;
  /** 1: some 40 orders a day. */
  scale?: number;
  /** So many days of the past are there. */
  days?: number;
  /** PEM of the service account's private key: keys given out before a restart stay good with the same one. */
  privateKey?: string;
}

export interface BigQueryControls extends JobBehaviour {
  /** All tables are empty. */
  isEmpty: boolean;
  hasFuture: boolean;
  serviceAccount: ServiceAccount;
  /** Orders have a further column `coupon` from now on, with values in those that change. */
  addCoupons(): void;
  /** The next requests to the API are refused like this, one each. */
  refuse(...reasons: BigQueryReason[]): void;
  /** The next jobs end like this. */
  failJobs(...failures: [BigQueryReason, string][]): void;
  expirePageTokens(): void;
  /** As after a day. */
  expireJobs(): void;
}

export interface BigQueryStandIn extends StandIn {
  projectId: string;
  key: ServiceAccountKey;
  controls: BigQueryControls;
  /** What a table of ours has to hold after a complete sync, as of now. */
  truth(table: string): Record<string, unknown>[];
}

const writing = [googleScopes.bigQuery, googleScopes.cloudPlatform];
const scopes = [...writing, googleScopes.bigQueryReadOnly];
const everywhere = ['alt', 'prettyPrint', 'fields', 'key', 'quotaUser', 'access_token'];
const ofLists = ['maxResults', 'pageToken', 'all', 'filter'];
const ofResults = [
  'pageToken',
  'maxResults',
  'startIndex',
  'timeoutMs',
  'location',
  'formatOptions.useInt64Timestamp',
  'formatOptions.timestampOutputFormat',
];

export const startBigQuery = async (options: BigQueryOptions = {}): Promise<BigQueryStandIn> => {
  const { identity, seed = 1, scale = 1, days = 120, now = () => new Date() } = options;
  const refusals: BigQueryReason[] = [];
  let couponsSince: Date | null = null;
  const controls: BigQueryControls = {
    looks: 0,
    mostRowsOnPage: 100_000,
    lostRows: 0,
    isEmpty: false,
    hasFuture: false,
    addCoupons: () => void (couponsSince = now()),
    serviceAccount: new ServiceAccount(options.privateKey),
    refuse: (...reasons) => void refusals.push(...reasons),
    failJobs: (...failures) => void jobs.failures.push(...failures),
    expirePageTokens: () => jobs.expireTokens(),
    expireJobs: () => jobs.expireJobs(),
  };
  const chance = chanceOf(`bigquery ${seed}`);
  const firstDay = Math.floor(now().getTime() / 86_400_000) - days;
  const world = (): World => ({ chance, now: now(), scale, firstDay, hasFuture: controls.hasFuture });

  const relationOf = (table: SandboxTable): Pick<Relation, 'fields' | 'rows'> => {
    const rows = controls.isEmpty ? [] : table.rows(world());
    if (couponsSince === null || table.name !== 'orders') return { fields: table.fields, rows };
    const since = BigInt(couponsSince.getTime()) * 1_000n;
    const changed = table.fields.findIndex(({ name }) => name === 'updated_at');
    const withCoupon = rows.map((row): Value[] => [
      ...row,
      BigInt(String(row[changed])) > since ? 'WELCOME10' : null,
    ]);
    return { fields: [...table.fields, field('coupon', 'STRING')], rows: withCoupon };
  };

  const find = (dataset: string, name: string): SandboxTable =>
    sandboxTables.find((table) => table.dataset === dataset && table.name === name) ??
    refuseAsBigQuery('notFound', `Not found: Table ${projectId}:${dataset}.${name}`);

  const open = (path: string): Relation => {
    const parts = path.split('.');
    const [name = '', dataset = '', project = projectId] = parts.reverse();
    if (project !== projectId)
      return refuseAsBigQuery(
        'accessDenied',
        `Access Denied: Project ${project}: User does not have bigquery.jobs.create permission in project ${project}.`,
      );
    const { location } =
      datasets[dataset] ?? refuseAsBigQuery('notFound', `Not found: Dataset ${projectId}:${dataset}`);
    const relation = relationOf(find(dataset, name));
    return { ...relation, location, bytes: relation.rows.length * relation.fields.length * 1_200 };
  };
  const jobs = new QueryJobs(controls, { open }, now);

  const authorize = (request: VendorRequest): void => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    // A job may do anything, so that reading rights alone do not let one be made.
    const needed = request.method === 'POST' && request.path.endsWith('/jobs') ? writing : scopes;
    const own = controls.serviceAccount.check(token, needed);
    if (own === true) return;
    if (own === false || !identity) {
      refuseAsBigQuery(
        'authError',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      );
      return;
    }
    const { email } = identity.authorize(request, { scopes: needed, service: 'bigquery.googleapis.com' });
    if (email !== sandboxAccounts.marketing.email)
      refuseAsBigQuery(
        'accessDenied',
        `Access Denied: Project ${projectId}: User does not have bigquery.jobs.create permission in project ${projectId}.`,
      );
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const { method, path, query } = request;
    if (method === 'POST' && path === '/token') return controls.serviceAccount.exchange(request);
    authorize(request);
    const refusal = refusals.shift();
    if (refusal)
      throw new Refusal(bigQueryError(refusal, `The sandbox was told to refuse this: ${refusal}.`));
    const [, project = '', rest = ''] = /^\/bigquery\/v2\/projects\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (rest === '') return refuseAsBigQuery('notFound', `Not found: ${method} ${path}`);
    if (project !== projectId)
      return refuseAsBigQuery(
        'accessDenied',
        `Access Denied: Project ${project}: User does not have access, or it does not exist.`,
      );
    return { status: 200, body: route(method, rest.split('/'), query, request.body) };
  };

  const route = (method: string, parts: readonly string[], query: URLSearchParams, body: string): unknown => {
    const [kind = '', id = '', inner = '', name = ''] = parts;
    switch (
      `${method} ${kind}/${id === '' ? '' : '*'}${inner === '' ? '' : `/${inner}`}${name === '' ? '' : '/*'}`
    ) {
      case 'POST jobs/':
        return jobs.insert(jsonOf(body));
      case 'POST queries/':
        return jobs.query(jsonOf(body));
      case 'GET jobs/*':
        return jobs.shown(id, query.get('location') ?? '');
      case 'GET queries/*':
        checkQuery(query, ofResults);
        return jobs.results(id, query);
      case 'GET datasets/':
        checkQuery(query, ofLists);
        return { kind: 'bigquery#datasetList', datasets: Object.keys(datasets).map(datasetJson) };
      case 'GET datasets/*':
        return id in datasets
          ? datasetJson(id)
          : refuseAsBigQuery('notFound', `Not found: Dataset ${projectId}:${id}`);
      case 'GET datasets/*/tables': {
        checkQuery(query, ofLists);
        if (!(id in datasets)) return refuseAsBigQuery('notFound', `Not found: Dataset ${projectId}:${id}`);
        const tables = sandboxTables.filter(({ dataset }) => dataset === id).map((table) => tableJson(table));
        return { kind: 'bigquery#tableList', tables, totalItems: tables.length };
      }
      case 'GET datasets/*/tables/*': {
        const table = find(id, name);
        const { fields, rows } = relationOf(table);
        return {
          ...tableJson(table),
          schema: { fields },
          numRows: String(rows.length),
          location: datasets[id]?.location,
        };
      }
      default:
        return refuseAsBigQuery('notFound', `Not found: ${method} ${parts.join('/')}`);
    }
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: bigQueryErrorBody,
  });
  return {
    ...standIn,
    projectId,
    key: controls.serviceAccount.key,
    controls,
    truth(name) {
      const table = sandboxTables.find((one) => one.name === name);
      if (!table) return [];
      const { fields, rows } = relationOf(table);
      return rows.map((row) => truthRow(fields, row));
    },
  };
};

const truthRow = (fields: readonly Field[], row: readonly Value[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((of, place) => [of.name, truthOf(row[place] ?? null, of)]));

const checkQuery = (query: URLSearchParams, known: readonly string[]): void => {
  const unknown = [...query.keys()].find((name) => !everywhere.includes(name) && !known.includes(name));
  if (unknown !== undefined)
    refuseAsBigQuery(
      'invalid',
      `Invalid JSON payload received. Unknown name "${unknown}": Cannot bind query parameter.`,
    );
};

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body || '{}');
  } catch {
    return refuseAsBigQuery('invalid', 'Invalid JSON payload received. Unexpected token.');
  }
};

const datasetJson = (id: string): unknown => ({
  kind: 'bigquery#dataset',
  id: `${projectId}:${id}`,
  datasetReference: { projectId, datasetId: id },
  location: datasets[id]?.location,
});

const tableJson = ({ dataset, name }: SandboxTable): Record<string, unknown> => ({
  kind: 'bigquery#table',
  id: `${projectId}:${dataset}.${name}`,
  tableReference: { projectId, datasetId: dataset, tableId: name },
  type: 'TABLE',
});
