/** What a person sets for a PostgreSQL source: the server, and which tables or queries are its streams. */
import { z } from 'zod';
import { columnName } from '../kit/column-names';
import type { StreamSpec } from '../kit/connector';

const streamConfig = z
  .object({
    name: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Name of the table here; by default that of the table there'),
    table: z.string().min(1).optional().describe('For example public.orders'),
    query: z.string().min(1).optional().describe('A SELECT, in place of a table'),
    key: z.array(z.string().min(1)).max(16).default([]).describe('Columns that identify a row'),
    cursor: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A column that grows whenever a row is added or changed, such as updated_at; only new rows are read then',
      ),
    mode: z.enum(['upsert', 'append', 'replace-all']).optional(),
    lookback: z
      .int()
      .min(0)
      .default(300)
      .describe(
        'How far below the last cursor is read again, for transactions that commit late: seconds, or units of a number',
      ),
  })
  .refine(
    ({ table, query, name }) =>
      (table === undefined) !== (query === undefined) && (table ?? name) !== undefined,
    {
      path: ['table'],
      error: 'Give either a table, or a query and a name.',
    },
  )
  .refine(({ mode, key, cursor }) => (mode !== 'upsert' && cursor === undefined) || key.length > 0, {
    path: ['key'],
    error: 'To update rows, Freshet needs the columns that identify one.',
  })
  .refine(({ mode, cursor }) => cursor === undefined || mode !== 'replace-all', {
    path: ['mode'],
    error:
      'With a cursor only new and changed rows are read, which cannot replace all. Leave the cursor away.',
  })
  .refine(({ mode, cursor }) => mode !== 'append' || cursor !== undefined, {
    path: ['cursor'],
    error: 'To append rows, Freshet needs a column by which it sees which ones are new.',
  });

export type StreamConfig = z.infer<typeof streamConfig>;

/** Lower-case names without quotes stay as they are, however long. */
export const streamName = ({ name, table }: Pick<StreamConfig, 'name' | 'table'>): string => {
  const wanted = name ?? table?.split('.').at(-1)?.replaceAll('"', '') ?? '';
  return /^[a-z_][a-z0-9_]*$/.test(wanted) ? wanted : columnName(wanted) || 'data';
};

export const postgresqlConfig = z.object({
  host: z
    .string()
    .regex(/^[A-Za-z0-9._:-]+$/, 'Give the name or address of the server alone, such as db.example.org.'),
  port: z.int().min(1).max(65_535).default(5432),
  database: z.string().min(1, 'Give the name of the database.'),
  tls: z
    .enum(['verify-full', 'require', 'disable'])
    .default('verify-full')
    .describe(
      'verify-full: encrypted, to this very server; require: encrypted; disable: readable on the way',
    ),
  ca: z
    .string()
    .optional()
    .describe('PEM of the authority that signed the server’s certificate, unless it is a public one'),
  timeoutSeconds: z
    .number()
    .positive()
    .max(3_600)
    .default(300)
    .describe('The longest that one query may take'),
  streams: z
    .array(streamConfig)
    .max(500)
    .default([])
    .refine(
      (streams) => new Set(streams.map(streamName)).size === streams.length,
      'Two streams have the same name.',
    ),
});

export type PostgresqlConfig = z.infer<typeof postgresqlConfig>;

export const postgresqlCredentials = z.object({
  user: z.string().min(1, 'Give the user’s name.'),
  password: z.string().default(''),
});

export type PostgresqlCredentials = z.infer<typeof postgresqlCredentials>;

export const streamSpec = (stream: StreamConfig): StreamSpec => ({
  name: streamName(stream),
  mode: stream.mode ?? (stream.cursor === undefined ? 'replace-all' : 'upsert'),
  key: stream.key.map(columnName),
  cursor: stream.cursor === undefined ? null : columnName(stream.cursor),
  lookbackDays: 0,
  provisionalDays: 0,
  description: stream.table === undefined ? 'The rows of a query.' : `The rows of ${stream.table}.`,
  slicing: null,
  origin: stream.table ?? stream.query ?? '',
});
