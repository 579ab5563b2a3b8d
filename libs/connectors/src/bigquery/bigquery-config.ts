/** What a person sets for a BigQuery source, and the streams that follow from it. */
import { z } from 'zod';
import { columnName } from '../kit/column-names';
import type { StreamSpec } from '../kit/connector';

/** Names that stand in SQL between backticks. */
const column = z.string().regex(/^[A-Za-z_]\w{0,299}$/, 'Give the name of a column.');
const tablePath = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+){0,2}$/, 'Write a table as dataset.table.')
  .describe('As dataset.table; with a dataset set above, the table alone');

const stream = z
  .object({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'Use lower-case letters, digits and _.'),
    table: tablePath.optional(),
    query: z
      .string()
      .trim()
      .min(1)
      .max(50_000)
      .optional()
      .describe('A SELECT in GoogleSQL, in place of a table'),
    key: z.array(column).max(16).default([]).describe('Columns that identify a row'),
    cursor: column
      .optional()
      .describe('Column that grows with each change; rows without a value in it are not read'),
    mode: z.enum(['upsert', 'append', 'replace-all']).optional(),
    lookbackDays: z.int().min(0).max(365).default(0).describe('Days before the cursor that are read again'),
  })
  .refine(({ table, query }) => (table === undefined) !== (query === undefined), {
    path: ['table'],
    error: 'Give either a table or a query.',
  })
  .refine(({ mode, key }) => mode !== 'upsert' || key.length > 0, {
    path: ['key'],
    error: 'To update rows, Freshet needs the columns that identify one.',
  })
  .refine(({ mode, cursor }) => mode !== 'append' || cursor !== undefined, {
    path: ['cursor'],
    error: 'To add rows only, Freshet needs a column that tells new ones.',
  });

export const bigQueryConfig = z
  .object({
    projectId: z
      .string()
      .regex(/^[a-z][a-z0-9.:-]{4,100}$/, 'Give the id of the Google Cloud project that pays for queries.')
      .describe('The Google Cloud project that queries run in and are billed to'),
    location: z
      .string()
      .regex(/^[A-Za-z0-9-]{2,40}$/)
      .optional()
      .describe('Such as EU or us-central1; found out by default'),
    dataset: z
      .string()
      .regex(/^\w{1,1024}$/)
      .optional()
      .describe('Its tables are offered, and need no dataset in their names'),
    searchQueryPerformance: z
      .boolean()
      .default(false)
      .describe('The dataset holds Amazon’s search query performance: asin_performance and search_queries'),
    streams: z.array(stream).max(200).default([]),
  })
  .refine(({ dataset, searchQueryPerformance }) => !searchQueryPerformance || dataset !== undefined, {
    path: ['dataset'],
    error: 'Say in which dataset the search query performance is.',
  })
  .refine(({ streams, dataset }) => streams.length > 0 || dataset !== undefined, {
    path: ['streams'],
    error: 'Choose a dataset, or give a table or a query.',
  })
  .refine((config) => new Set(all(config).map(({ name }) => name)).size === all(config).length, {
    path: ['streams'],
    error: 'Two streams have the same name.',
  });

export type BigQueryConfig = z.infer<typeof bigQueryConfig>;
export type TableStream = z.infer<typeof stream>;

/** Weekly; the vendor goes on counting for some two weeks. */
const searchQueryPerformance = (dataset: string): TableStream[] => [
  {
    name: 'asin_performance',
    table: `${dataset}.asin_performance`,
    key: ['week', 'asin', 'marketplace'],
    cursor: 'week',
    lookbackDays: 21,
  },
  {
    name: 'search_queries',
    table: `${dataset}.search_queries`,
    key: ['week', 'asin', 'search_query', 'marketplace'],
    cursor: 'week',
    lookbackDays: 21,
  },
];

const all = (config: {
  dataset?: string | undefined;
  searchQueryPerformance: boolean;
  streams: readonly TableStream[];
}): TableStream[] => [
  ...(config.searchQueryPerformance && config.dataset !== undefined
    ? searchQueryPerformance(config.dataset)
    : []),
  ...config.streams,
];

export const tableStreams = (config: BigQueryConfig): TableStream[] => all(config);

const describe = ({ table, query, cursor }: TableStream): string => {
  const what = table ?? `A query of ${query?.split('\n').length ?? 1} lines`;
  return cursor === undefined ? `${what}, read whole each time.` : `${what}, read on by ${cursor}.`;
};

export const modeOf = ({ mode, key, cursor }: TableStream): StreamSpec['mode'] => {
  if (mode !== undefined) return mode;
  if (cursor === undefined) return 'replace-all';
  return key.length > 0 ? 'upsert' : 'append';
};

export const specOf = (one: TableStream): StreamSpec => ({
  name: one.name,
  mode: modeOf(one),
  key: one.key.map(columnName),
  cursor: one.cursor === undefined ? null : columnName(one.cursor),
  lookbackDays: one.lookbackDays,
  provisionalDays: 0,
  description: describe(one),
  slicing: null,
  origin: one.table ?? one.query ?? '',
});

/** A service account's key as Google gives it for download. */
export const bigQueryCredentials = z
  .object({
    serviceAccountKey: z
      .string()
      .min(1)
      .refine((text) => readKey(text) !== null, 'Paste the whole JSON file of a service account’s key.')
      .describe('The JSON key file of a service account, in place of a Google account'),
  })
  .nullable();

export type BigQueryCredentials = z.infer<typeof bigQueryCredentials>;

const keyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string(),
  private_key: z.string(),
});

export const readKey = (text: string): { email: string; privateKey: string } | null => {
  try {
    const { client_email: email, private_key: privateKey } = keyFile.parse(JSON.parse(text));
    return { email, privateKey };
  } catch {
    return null;
  }
};
