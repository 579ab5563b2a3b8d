/**
 * BigQuery's datasets, tables and query jobs through its client library, one method a request. The library's own methods for jobs are
 * not used: an answer that is no JSON makes them throw where nobody can catch it. Its `request` signs in, asks, and tells errors.
 */
import { FreshetError } from '@freshet/contracts';
import type { JWT, OAuth2Client } from 'google-auth-library';
import type { ConnectorContext } from '../kit/context';
import { readKey, type BigQueryCredentials } from './bigquery-config';
import { bigQueryLibrary } from './bigquery-library';
import type { Statement } from './query-sql';
import type { Field, Wire } from './values';

export interface DryRun {
  location: string;
  /** That would be billed. */
  bytes: bigint;
  fields: Field[];
}

export interface ResultsPage {
  fields: Field[];
  rows: { f: Wire[] }[];
  totalRows: number;
  nextPageToken: string | null;
}

export interface JobPlace {
  id: string;
  location: string;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const scope = 'https://www.googleapis.com/auth/bigquery';
/** A page holds at most 10 MB anyway; fewer rows keep progress moving. */
const mostRows = '20000';

const foreign = (what: string): FreshetError =>
  new FreshetError('source_changed', `BigQuery answered ${what} with something else.`, {
    action: 'Nothing to do: it is asked again.',
  });

interface Question {
  method?: 'GET' | 'POST';
  uri: string;
  qs?: Record<string, string>;
  json?: unknown;
}

export class BigQueryClient {
  private jwt: JWT | null;

  constructor(
    private readonly context: ConnectorContext,
    private readonly projectId: string,
    private readonly credentials: BigQueryCredentials,
  ) {
    this.jwt = this.serviceAccount();
  }

  private serviceAccount(): JWT | null {
    const key = this.credentials && readKey(this.credentials.serviceAccountKey);
    if (!key) return null;
    const { baseUrl } = this.context.settings;
    // The key names an address for tokens, too; Google's own is the only one that may see what it signs.
    const fetchImplementation: typeof fetch = (url, init) =>
      fetch(baseUrl === null ? url : `${baseUrl}/token`, init);
    const { JWT } = bigQueryLibrary();
    return new JWT({
      email: key.email,
      key: key.privateKey,
      scopes: [scope],
      transporterOptions: { fetchImplementation, retry: false },
    });
  }

  private ask(question: Question): Promise<Json> {
    return this.context.call(async ({ accessToken }) => {
      if (!this.jwt) {
        if (accessToken === '') {
          throw new FreshetError(
            'source_unauthorized',
            'The source has neither a Google account nor a service account’s key.',
            {
              action: 'Connect a Google account, or paste a key.',
            },
          );
        }
        const { OAuth2Client } = bigQueryLibrary();
        const person = new OAuth2Client();
        person.setCredentials({ access_token: accessToken });
        return this.request(person, question);
      }
      try {
        return await this.request(this.jwt, question);
      } catch (error) {
        if (objectOf(error instanceof Error ? { ...error } : error)['code'] !== 401) throw error;
        this.jwt = this.serviceAccount() ?? this.jwt;
        return this.request(this.jwt, question);
      }
    });
  }

  private request(authClient: OAuth2Client, question: Question): Promise<Json> {
    const { baseUrl } = this.context.settings;
    const { BigQuery } = bigQueryLibrary();
    const client = new BigQuery({
      projectId: this.projectId,
      authClient,
      autoRetry: false,
      ...(baseUrl !== null && { apiEndpoint: baseUrl }),
    });
    return new Promise((resolve, reject) => {
      client.request({ timeout: 0, ...question }, (error: Error | null, body?: unknown) =>
        error ? reject(error) : resolve(objectOf(body)),
      );
    });
  }

  /** All pages of a list. */
  private async list(uri: string, kind: string, members: string): Promise<Json[]> {
    const found: Json[] = [];
    for (let pageToken = ''; ;) {
      const answer = await this.ask({
        uri,
        qs: { maxResults: '1000', ...(pageToken !== '' && { pageToken }) },
      });
      if (answer['kind'] !== kind) throw foreign('our question for a list');
      found.push(...listOf(answer[members]));
      pageToken = String(answer['nextPageToken'] ?? '');
      if (pageToken === '') return found;
    }
  }

  async listDatasets(): Promise<string[]> {
    const datasets = await this.list('/datasets', 'bigquery#datasetList', 'datasets');
    return datasets.map((dataset) => String(objectOf(dataset['datasetReference'])['datasetId']));
  }

  async listTables(dataset: string): Promise<string[]> {
    const tables = await this.list(`/datasets/${dataset}/tables`, 'bigquery#tableList', 'tables');
    return tables.map((table) => String(objectOf(table['tableReference'])['tableId']));
  }

  async tableFields(dataset: string, table: string): Promise<Field[]> {
    const answer = await this.ask({ uri: `/datasets/${dataset}/tables/${table}` });
    if (answer['kind'] !== 'bigquery#table') throw foreign('our question about a table');
    return listOf(objectOf(answer['schema'])['fields']) as unknown as Field[];
  }

  private async insert(
    statement: Statement,
    job: { id?: string; location?: string },
    dryRun: boolean,
  ): Promise<Json> {
    const { sql, parameters } = statement;
    const query = {
      query: sql,
      useLegacySql: false,
      ...(parameters.length > 0 && { parameterMode: 'NAMED', queryParameters: parameters }),
    };
    const reference = { projectId: this.projectId, jobId: job.id, location: job.location };
    const answer = await this.ask({
      method: 'POST',
      uri: '/jobs',
      json: { configuration: { query, ...(dryRun && { dryRun }) }, jobReference: reference },
    });
    const given = objectOf(answer['jobReference']);
    if (answer['kind'] !== 'bigquery#job' || (job.id !== undefined && given['jobId'] !== job.id))
      throw foreign('a query');
    return answer;
  }

  /** Costs nothing. */
  async dryRun(statement: Statement, location: string | undefined): Promise<DryRun> {
    const answer = await this.insert(statement, location === undefined ? {} : { location }, true);
    const statistics = objectOf(answer['statistics']);
    const { schema } = objectOf(statistics['query']);
    if (!isObject(schema)) throw foreign('our question about a query');
    return {
      location: String(objectOf(answer['jobReference'])['location'] ?? location ?? 'US'),
      bytes: BigInt(String(statistics['totalBytesProcessed'] ?? 0)),
      fields: listOf(schema['fields']) as unknown as Field[],
    };
  }

  /** Runs a query once: when the answer is lost on the way, the job is there and is not run, nor paid for, again. */
  async startJob(statement: Statement, job: JobPlace): Promise<void> {
    try {
      await this.insert(statement, job, false);
    } catch (error) {
      if (!(error instanceof FreshetError) || error.details.extra?.['reason'] !== 'duplicate') throw error;
    }
  }

  /** @param pageToken '' for the first page. Null while the query is still running. */
  async results({ id, location }: JobPlace, pageToken: string): Promise<ResultsPage | null> {
    const qs = {
      location,
      maxResults: mostRows,
      'formatOptions.useInt64Timestamp': 'true',
      ...(pageToken !== '' && { pageToken }),
    };
    const answer = await this.ask({ uri: `/queries/${id}`, qs });
    const isOurs = objectOf(answer['jobReference'])['jobId'] === id;
    if (answer['kind'] !== 'bigquery#getQueryResultsResponse' || !isOurs) throw foreign('a page of results');
    if (answer['jobComplete'] !== true) return null;
    const next = answer['pageToken'];
    // A page's own token never leads to itself: such an answer belongs to the page before.
    if (pageToken !== '' && next === pageToken) throw foreign('a page of results');
    return {
      fields: listOf(objectOf(answer['schema'])['fields']) as unknown as Field[],
      rows: listOf(answer['rows']) as unknown as ResultsPage['rows'],
      totalRows: Number(answer['totalRows'] ?? 0),
      nextPageToken: typeof next === 'string' && next !== '' ? next : null,
    };
  }
}
