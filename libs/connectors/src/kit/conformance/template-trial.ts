/** Runs a connector's templates on a real database, over rows that the connector itself read. For specs only. */
import type { ChartInput } from '@freshet/contracts';
import type { Pool } from 'pg';
import type { Cell, ColumnType } from '../column';
import type { Batch, Connector, DiscoveredStream, Slice } from '../connector';
import type { ConnectorContext } from '../context';
import { withSource } from '../template';

const sqlTypes: Record<ColumnType, string> = {
  text: 'text',
  bigint: 'bigint',
  numeric: 'numeric',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  json: 'jsonb',
};

export interface TemplateSource {
  connector: Connector;
  config: unknown;
  credentials: unknown;
  context: ConnectorContext;
  /** For streams that are cut by days. */
  slice: Required<Slice>;
}

/** Rows of each chart by its title, each an object by column name; charts of all the connector's templates. */
export type ChartRows = Map<string, { chart: ChartInput; rows: Record<string, unknown>[] }>;

const slug = 'sandbox';

const quoted = (name: string): string => `"${name}"`;

const load = async (pool: Pool, source: TemplateSource, stream: DiscoveredStream): Promise<void> => {
  const { connector, config, credentials, context } = source;
  const columns = stream.columns.map(({ name, type }) => `${quoted(name)} ${sqlTypes[type]}`);
  const table = `${slug}.${quoted(stream.name)}`;
  await pool.query(`CREATE TABLE ${table} (${columns.join(', ')})`);
  const account = await connector.account(config, credentials, context);
  const request = {
    config,
    credentials,
    stream: stream.name,
    slice: stream.slicing ? source.slice : {},
    account,
  };
  const rows = new Map<string, Record<string, Cell>>();
  const keep = (batch: Batch): void => {
    for (const row of batch.rows) {
      const named = Object.fromEntries(batch.columns.map(({ name }, at) => [name, row[at] ?? null]));
      rows.set(JSON.stringify(stream.key.map((name) => named[name])), named);
    }
  };
  for await (const batch of connector.read({ ...request, checkpoint: null, knownColumns: null }, context))
    keep(batch);
  await pool.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
    JSON.stringify([...rows.values()]),
  ]);
};

/** Throws with the title of the model or chart whose SQL the database refuses. */
export const runTemplates = async (pool: Pool, source: TemplateSource): Promise<ChartRows> => {
  const { connector, config, credentials, context } = source;
  await pool.query(`CREATE SCHEMA ${slug}`);
  for (const stream of await connector.discover(config, credentials, context))
    await load(pool, source, stream);
  const told = async <T>(what: string, work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw new Error(`${what}: ${String(cause)}`, { cause });
    });
  const found: ChartRows = new Map();
  for (const { models, dashboards } of connector.templates) {
    for (const { name, sql, indexes = [] } of models) {
      const table = withSource(name, slug);
      await told(table, pool.query(`CREATE TABLE ${table} AS ${withSource(sql, slug)}`));
      for (const { columns } of indexes)
        await told(table, pool.query(`CREATE INDEX ON ${table} (${columns.map(quoted).join(', ')})`));
    }
    for (const { charts } of dashboards)
      for (const chart of charts) {
        const { rows } = await told(
          chart.title,
          pool.query<Record<string, unknown>>(withSource(chart.sql, slug)),
        );
        found.set(chart.title, { chart, rows });
      }
  }
  return found;
};

/** What is wrong with charts: columns that the options name and the rows don't have, places that overlap or leave the grid. */
export const chartFaults = (connector: Connector, charts: ChartRows): string[] => {
  const faults: string[] = [];
  for (const [title, { chart, rows }] of charts) {
    const names = Object.keys(rows[0] ?? {});
    if (rows.length === 0) faults.push(`${title} shows nothing.`);
    const { x, y = [], series } = chart.options;
    for (const name of [x, ...y, series])
      if (name !== undefined && !names.includes(name)) faults.push(`${title} has no column ${name}.`);
  }
  for (const dashboard of connector.templates.flatMap(({ dashboards }) => dashboards)) {
    const taken = new Map<string, string>();
    for (const { title, layout } of dashboard.charts) {
      if (layout.x + layout.w > 12) faults.push(`${title} is too wide.`);
      for (let at = 0; at < layout.w * layout.h; at++) {
        const place = `${layout.x + (at % layout.w)} ${layout.y + Math.floor(at / layout.w)}`;
        const other = taken.get(place);
        if (other !== undefined) faults.push(`${title} lies on ${other}.`);
        taken.set(place, title);
      }
    }
  }
  return [...new Set(faults)];
};
