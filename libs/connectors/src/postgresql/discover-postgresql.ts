/** What there is to read: schemas, tables and views that the user may read, with keys and cursors that suggest themselves. */
import type { DiscoveredStream } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import {
  describeColumns,
  oids,
  rowMaker,
  sourceColumns,
  tableColumns,
  type Field,
  type SourceColumn,
} from './columns';
import {
  streamSpec,
  type PostgresqlConfig,
  type PostgresqlCredentials,
  type StreamConfig,
} from './postgresql-config';
import { relation, tableName } from './relation';
import { Session } from './session';

const mostTables = 500;
const examples = 20;

const tablesQuery = `
  SELECT n.nspname, c.relname, c.relkind::text, greatest(c.reltuples, 0)::bigint,
    (SELECT json_agg(a.attname ORDER BY k.place)
     FROM pg_catalog.pg_index i
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
     WHERE i.indrelid = c.oid AND i.indisprimary)::text,
    (SELECT json_agg(json_build_object('name', a.attname, 'category', t.typcategory,
       'oid', CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END::bigint) ORDER BY a.attnum)
     FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
  ORDER BY n.nspname, c.relname LIMIT ${mostTables}`;

interface Found {
  stream: StreamConfig;
  /** `table` or `view`. */
  kind: string;
  /** As the server guesses. */
  rows: number;
  columns: SourceColumn[];
}

/** Names that people give to the time of the last change. */
const changeTime = /(^|_)(updated|modified|changed|last_?(update|modified|change))(_|$)/i;

const quoted = (name: string): string => (/[".]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
const listOf = <T>(json: string | null | undefined): T[] => (JSON.parse(json ?? 'null') ?? []) as T[];

const findTables = async (session: Session): Promise<Found[]> => {
  const { rows } = await session.query(tablesQuery);
  const tables = rows.map(([schema, name, relkind, count, primaryKey, fields]) => {
    const key = listOf<string>(primaryKey);
    const columns = sourceColumns(listOf<Field>(fields));
    const isCursor = ({ source, oid }: SourceColumn): boolean =>
      (oid === oids.timestamp || oid === oids.timestamptz) && changeTime.test(source);
    const cursor = key.length === 0 ? undefined : columns.find(isCursor)?.source;
    const stream = {
      name: schema === 'public' ? (name ?? '') : `${schema}_${name}`,
      table: `${quoted(schema ?? '')}.${quoted(name ?? '')}`,
      key,
      lookback: 300,
      ...(cursor !== undefined && { cursor }),
    };
    return {
      stream,
      kind: relkind === 'v' || relkind === 'm' ? 'view' : 'table',
      rows: Number(count),
      columns,
    };
  });
  return tables.filter(({ columns }) => columns.length > 0);
};

const about = ({ stream: { key, cursor }, kind, rows }: Found): string => {
  const parts = [
    kind,
    rows > 0 ? `some ${rows.toLocaleString('en')} rows` : '',
    key.length > 0 ? `key ${key.join(', ')}` : 'no key',
  ];
  return [...parts, cursor === undefined ? 'read whole' : `read on by ${cursor}`].filter(Boolean).join(' · ');
};

const describeStream = async (session: Session, stream: StreamConfig): Promise<DiscoveredStream> => {
  const found = await describeColumns(session, relation(stream));
  const columns = tableColumns(null, found);
  const make = rowMaker(columns, found, []);
  const expressions = found.map(({ expression }) => expression).join(', ');
  const { rows } = await session.query(`SELECT ${expressions} FROM ${relation(stream)} LIMIT ${examples}`);
  const sample = rows.map((row) => make(row, 0)).flatMap((made) => ('row' in made ? [made.row] : []));
  return { ...streamSpec(stream), columns, sample };
};

/** The streams that were chosen, with rows to look at, then all other tables as they could be chosen. */
export const discoverPostgresql = async (
  config: PostgresqlConfig,
  credentials: PostgresqlCredentials,
  context: ConnectorContext,
): Promise<DiscoveredStream[]> => {
  const session = await context.retry(() => Session.begin(config, credentials, context));
  try {
    const streams: DiscoveredStream[] = [];
    for (const stream of config.streams) streams.push(await describeStream(session, stream));
    const taken = new Set(
      config.streams.flatMap(({ table }) => (table === undefined ? [] : [tableName(table)])),
    );
    const names = new Set(streams.map(({ name }) => name));
    for (const found of await findTables(session)) {
      if (taken.has(tableName(found.stream.table ?? '')) || names.has(streamSpec(found.stream).name))
        continue;
      const { stream, columns } = found;
      const spec = { ...streamSpec(stream), description: `${about(found)}.` };
      streams.push({ ...spec, columns: tableColumns(null, columns), sample: [], config: stream });
    }
    return streams;
  } finally {
    await session.close();
  }
};
