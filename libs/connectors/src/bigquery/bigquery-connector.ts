/** BigQuery: any table or query, whole or on by a cursor, and Amazon's search query performance where a dataset holds it. */
import { FreshetError } from '@freshet/contracts';
import { checkSteps } from '../kit/check-steps';
import { columnName } from '../kit/column-names';
import type { Batch, DiscoveredStream, Page, ReadRequest } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { defineConnector } from '../kit/define-connector';
import { BigQueryClient, type DryRun } from './bigquery-client';
import {
  bigQueryConfig,
  bigQueryCredentials,
  specOf,
  tableStreams,
  type BigQueryConfig,
  type BigQueryCredentials,
  type TableStream,
} from './bigquery-config';
import { explain } from './explain';
import { inOwnQuery, wholeQuery } from './query-sql';
import { batchOf, readTable, type ResultsBody } from './read-table';
import { bigQueryTemplates } from './templates';
import { columnsOf } from './values';

const clientOf = (
  { projectId }: Pick<BigQueryConfig, 'projectId'>,
  credentials: BigQueryCredentials,
  context: ConnectorContext,
): BigQueryClient => new BigQueryClient(context, projectId, credentials);

const dryRun = async (
  client: BigQueryClient,
  stream: TableStream,
  config: BigQueryConfig,
): Promise<DryRun> => {
  try {
    return await client.dryRun({ sql: wholeQuery(stream, config), parameters: [] }, config.location);
  } catch (error) {
    throw inOwnQuery(error, stream);
  }
};

/** Tables of the dataset that no stream reads yet, each under a name that can be one. */
const otherTables = async (client: BigQueryClient, config: BigQueryConfig): Promise<TableStream[]> => {
  const { dataset } = config;
  if (dataset === undefined) return [];
  const known = tableStreams(config);
  const isRead = (table: string): boolean =>
    known.some(
      (one) => one.table === table || one.table === `${dataset}.${table}` || one.name === columnName(table),
    );
  const tables = await client.listTables(dataset);
  return tables
    .filter((table) => columnName(table) !== '' && !isRead(table))
    .map((table) => ({ name: columnName(table), table: `${dataset}.${table}`, key: [], lookbackDays: 0 }));
};

const streamOf = async (
  client: BigQueryClient,
  config: BigQueryConfig,
  name: string,
): Promise<TableStream> => {
  const own = tableStreams(config).find((stream) => stream.name === name);
  const found = own ?? (await otherTables(client, config)).find((stream) => stream.name === name);
  if (found) return found;
  throw new FreshetError('source_not_found', `BigQuery has no table called ${name} any more.`, {
    action: 'Turn this stream off in the source’s settings.',
  });
};

const readStream = async function* (
  {
    config,
    credentials,
    stream: name,
    checkpoint,
    knownColumns,
  }: ReadRequest<BigQueryConfig, BigQueryCredentials>,
  context: ConnectorContext,
): AsyncGenerator<Batch> {
  const client = clientOf(config, credentials, context);
  const stream = await streamOf(client, config, name);
  yield* readTable(client, { stream, place: config, checkpoint, knownColumns }, context);
};

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `1234567890` → `1.2 GB`. */
export const amount = (bytes: bigint): string => {
  let value = Number(bytes);
  let unit = 0;
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? 'bytes'}`;
};

export const bigQueryConnector = defineConnector<BigQueryConfig, BigQueryCredentials>({
  type: 'bigquery',
  name: 'BigQuery',
  description: 'Any table or query of BigQuery, and Amazon’s search query performance out of the box.',
  auth: 'oauth2',
  oauth: { provider: 'google', scopes: ['https://www.googleapis.com/auth/bigquery'] },
  config: bigQueryConfig,
  credentials: bigQueryCredentials,
  docsUrl: 'https://cloud.google.com/bigquery/docs/reference/rest',
  fixedStreams: [],
  templates: bigQueryTemplates,
  provisionalDays: 0,
  explain,
  pace: ({ projectId = '' }) => ({ key: projectId, perSecond: 20, atOnce: 10 }),
  streams: (config) => tableStreams(config).map(specOf),
  discover: async (config, credentials, context) => {
    const client = clientOf(config, credentials, context);
    const found: DiscoveredStream[] = [];
    for (const stream of tableStreams(config)) {
      const { fields } = await dryRun(client, stream, config);
      found.push({ ...specOf(stream), columns: columnsOf(fields), sample: [] });
    }
    for (const stream of await otherTables(client, config)) {
      const [dataset = '', table = ''] = (stream.table ?? '').split('.');
      const columns = columnsOf(await client.tableFields(dataset, table));
      found.push({
        ...specOf(stream),
        columns,
        sample: [],
        config: { name: stream.name, table: stream.table },
      });
    }
    return found;
  },
  choices: async (config, credentials, context) => {
    if (config.projectId === undefined) return [];
    const client = clientOf({ projectId: config.projectId }, credentials, context);
    const datasets = await client.listDatasets();
    return datasets.map((dataset) => ({
      field: 'dataset',
      value: dataset,
      label: dataset,
      detail: config.projectId ?? '',
    }));
  },
  check: (config, credentials, context) =>
    checkSteps(context, async (step) => {
      const client = clientOf(config, credentials, context);
      const { dataset } = config;
      await step(
        'Reach BigQuery',
        () => client.listDatasets(),
        (found) =>
          `Project ${config.projectId} shows ${found.length === 1 ? 'one dataset' : `${found.length} datasets`}.`,
      );
      if (dataset !== undefined)
        await step(
          `Open dataset ${dataset}`,
          () => client.listTables(dataset),
          (tables) => `It holds ${tables.length === 1 ? 'one table' : `${tables.length} tables`}.`,
        );
      for (const stream of tableStreams(config))
        await step(
          `Dry run of ${stream.name}`,
          () => dryRun(client, stream, config),
          ({ bytes, fields }) =>
            `A whole read would be billed as ${amount(bytes)} and gives ${fields.length === 1 ? 'one column' : `${fields.length} columns`}${stream.cursor === undefined ? '' : '; later ones read on by their cursor, and cost less where the table is partitioned by it'}.`,
        );
    }),
  read: readStream,
  replay: async function* ({ config, stream: name, knownColumns }, pages) {
    const own = tableStreams(config).find((one) => one.name === name);
    const stream: TableStream = own ?? { name, table: name, key: [], lookbackDays: 0 };
    for await (const page of pages) yield batchOf(page as Page<ResultsBody>, stream, knownColumns);
  },
});
