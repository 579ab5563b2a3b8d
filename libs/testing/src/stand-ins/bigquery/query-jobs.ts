/** Query jobs: dry runs that say what they would cost, results read by pages of at most 10 MB, and what is forgotten after a day. */
import { refuseAsBigQuery, type BigQueryReason } from './bigquery-error';
import { written, type Field } from './schema';
import { evaluate, type Parameter, type Relation, type Tables } from './sql';
import { projectId } from './tables';

export interface JobBehaviour {
  /** Requests for results that are answered with "not yet". */
  looks: number;
  /** The service gives fewer rows than asked for when a page would be too large. */
  mostRowsOnPage: number;
  /** So many rows at the end are counted but never given. */
  lostRows: number;
}

interface Job {
  id: string;
  location: string;
  relation: Relation;
  madeAt: number;
  looks: number;
  failure: [BigQueryReason, string] | null;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

const mostBytes = 10_000_000;
const jobLife = 24 * 3_600_000;
/** The least that a query is billed for. */
const leastBilled = 10 * 1_024 * 1_024;

const schemaOf = (fields: readonly Field[]): unknown => ({ fields });

const parametersOf = (query: Json): Parameter[] => {
  const list = Array.isArray(query['queryParameters']) ? query['queryParameters'] : [];
  return list.filter(isObject).map((parameter) => ({
    name: String(parameter['name']),
    type: String(objectOf(parameter['parameterType'])['type']),
    value: String(objectOf(parameter['parameterValue'])['value']),
  }));
};

const known = [
  'query',
  'useLegacySql',
  'parameterMode',
  'queryParameters',
  'useQueryCache',
  'maximumBytesBilled',
  'priority',
  // The client library sends these, too, and the API minds them as little.
  'types',
  'wrapIntegers',
  'parseJSON',
];

export class QueryJobs {
  /** The next jobs end like this when their results are asked for. */
  readonly failures: [BigQueryReason, string][] = [];
  private serial = 0;
  private tokensFrom = 0;
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly behaviour: JobBehaviour,
    private readonly tables: Tables,
    private readonly now: () => Date,
  ) {}

  /** `POST …/jobs` */
  insert(body: unknown): unknown {
    const { configuration, jobReference } = objectOf(body);
    const { query: wanted, dryRun } = objectOf(configuration);
    const query = objectOf(wanted);
    const unknown = Object.keys(query).find((name) => !known.includes(name));
    if (unknown !== undefined)
      return refuseAsBigQuery(
        'invalid',
        `Invalid JSON payload received. Unknown name "${unknown}" at 'job.configuration.query': Cannot find field.`,
      );
    if (query['useLegacySql'] !== false)
      return refuseAsBigQuery('invalidQuery', 'The sandbox knows GoogleSQL only.');
    const relation = evaluate(String(query['query'] ?? ''), parametersOf(query), this.tables);
    const reference = objectOf(jobReference);
    const asked = reference['location'];
    if (typeof asked === 'string' && asked !== '' && asked !== relation.location)
      return refuseAsBigQuery('notFound', `Not found: Dataset was not found in location ${asked}`);
    const { location } = relation;
    const billed = Math.max(leastBilled, relation.bytes);
    const most = Number(query['maximumBytesBilled'] ?? Infinity);
    if (dryRun !== true && billed > most)
      return refuseAsBigQuery(
        'bytesBilledLimitExceeded',
        `Query exceeded limit for bytes billed: ${most}. ${billed} or higher required.`,
      );
    const statistics = {
      totalBytesProcessed: String(relation.bytes),
      query: {
        totalBytesProcessed: String(relation.bytes),
        totalBytesBilled: dryRun === true ? '0' : String(billed),
        statementType: 'SELECT',
        schema: schemaOf(relation.fields),
      },
    };
    const job = { kind: 'bigquery#job', configuration, statistics, status: { state: 'DONE' } };
    if (dryRun === true) return { ...job, jobReference: { projectId, location } };
    const id = String(reference['jobId'] ?? `job_${++this.serial}`);
    if (this.jobs.has(id))
      return refuseAsBigQuery('duplicate', `Already Exists: Job ${projectId}:${location}.${id}`);
    const failure = this.failures.shift() ?? null;
    this.jobs.set(id, { id, location, relation, madeAt: this.now().getTime(), looks: 0, failure });
    return {
      ...job,
      id: `${projectId}:${location}.${id}`,
      jobReference: { projectId, jobId: id, location },
      status: { state: 'RUNNING' },
    };
  }

  /** `POST …/queries`: a job and its first page in one; the same `requestId` gives the same job. */
  query(body: unknown): unknown {
    const {
      maxResults,
      location,
      formatOptions,
      requestId,
      dryRun,
      timeoutMs: _timeoutMs,
      ...query
    } = objectOf(body);
    const jobId = typeof requestId === 'string' ? `query_${requestId}` : undefined;
    const isKnown = jobId !== undefined && this.jobs.has(jobId);
    const configuration = { query, dryRun };
    const job = isKnown ? {} : objectOf(this.insert({ configuration, jobReference: { jobId, location } }));
    if (dryRun === true) {
      const statistics = objectOf(job['statistics']);
      const { schema, totalBytesProcessed } = objectOf(statistics['query']);
      return { kind: 'bigquery#queryResponse', schema, totalBytesProcessed, jobComplete: true };
    }
    const reference = isKnown
      ? { jobId, location: this.jobs.get(jobId)?.location }
      : objectOf(job['jobReference']);
    const asked = new URLSearchParams({ location: String(reference.location) });
    if (maxResults !== undefined) asked.set('maxResults', String(maxResults));
    if (objectOf(formatOptions)['useInt64Timestamp'] === true)
      asked.set('formatOptions.useInt64Timestamp', 'true');
    return { ...objectOf(this.results(String(reference.jobId), asked)), kind: 'bigquery#queryResponse' };
  }

  private find(id: string, location: string): Job {
    const job = this.jobs.get(id);
    const isOld = job !== undefined && this.now().getTime() - job.madeAt > jobLife;
    // Without a location, jobs of America alone are looked for.
    if (job && !isOld && job.location === (location || 'US')) return job;
    return refuseAsBigQuery('notFound', `Not found: Job ${projectId}:${location || 'US'}.${id}`);
  }

  /** `GET …/jobs/{id}` */
  shown(id: string, location: string): unknown {
    const job = this.find(id, location);
    return {
      kind: 'bigquery#job',
      jobReference: { projectId, jobId: id, location: job.location },
      status: { state: 'DONE' },
      statistics: { totalBytesProcessed: String(job.relation.bytes) },
    };
  }

  /** `GET …/queries/{id}` */
  results(id: string, query: URLSearchParams): unknown {
    const job = this.find(id, query.get('location') ?? '');
    const reference = { projectId, jobId: id, location: job.location };
    if (job.failure) return refuseAsBigQuery(...job.failure);
    if (job.looks++ < this.behaviour.looks)
      return { kind: 'bigquery#getQueryResultsResponse', jobReference: reference, jobComplete: false };
    const { fields, rows } = job.relation;
    const token = query.get('pageToken') ?? '';
    const from = token === '' ? Number(query.get('startIndex') ?? 0) : this.opened(token, id);
    const asMicros = query.get('formatOptions.useInt64Timestamp') === 'true';
    const most = Math.min(Number(query.get('maxResults') ?? Infinity), this.behaviour.mostRowsOnPage);
    const end = rows.length - this.behaviour.lostRows;
    const page: unknown[] = [];
    for (let bytes = 0; from + page.length < end && page.length < most;) {
      const row = rows[from + page.length] ?? [];
      const shown = { f: fields.map((field, place) => written(row[place] ?? null, field, asMicros)) };
      bytes += JSON.stringify(shown).length;
      if (bytes > mostBytes && page.length > 0) break;
      page.push(shown);
    }
    const next = from + page.length;
    return {
      kind: 'bigquery#getQueryResultsResponse',
      schema: schemaOf(fields),
      jobReference: reference,
      totalRows: String(rows.length),
      ...(next < end && { pageToken: this.token(id, next) }),
      ...(page.length > 0 && { rows: page }),
      totalBytesProcessed: String(job.relation.bytes),
      jobComplete: true,
      cacheHit: false,
    };
  }

  expireTokens(): void {
    this.tokensFrom = ++this.serial;
  }

  expireJobs(): void {
    this.jobs.clear();
  }

  private token(id: string, from: number): string {
    return Buffer.from(JSON.stringify({ id, from, serial: ++this.serial })).toString('base64url');
  }

  private opened(token: string, id: string): number {
    try {
      const read = JSON.parse(Buffer.from(token, 'base64url').toString()) as {
        id: string;
        from: number;
        serial: number;
      };
      if (read.id === id && read.serial > this.tokensFrom) return read.from;
    } catch {
      // No token of ours: told like one that is too old.
    }
    return refuseAsBigQuery('invalid', 'Invalid page token: it has expired or belongs to another job.');
  }
}
