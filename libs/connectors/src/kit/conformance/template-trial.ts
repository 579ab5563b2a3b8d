/** Runs a connector's templates on a real database, over rows that the connector itself read. For specs only. */
import { createDashboard, createModel, type Account, type ChartInput } from '@freshet/contracts';
import type { Pool } from 'pg';
import type { Cell, ColumnType } from '../column';
import type { Batch, Connector, DiscoveredStream, Slice } from '../connector';
import type { ConnectorContext } from '../context';
import { fillIn, templateWords, type ConnectorTemplate, type TemplateWords } from '../template';

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
  /** For those of them that have too many rows in so many days. */
  slices?: Readonly<Record<string, Required<Slice>>>;
  /** Companions by the word for them, which is their slug here, too; templates that need others are left out. */
  beside?: Readonly<Record<string, TemplateSource>>;
}

/** Rows of each chart by its title, each an object by column name; charts of all the connector's templates. */
export type ChartRows = Map<string, { chart: ChartInput; rows: Record<string, unknown>[] }>;

const slug = 'sandbox';

/** JSON is text in a cell, and has to be itself in the document that fills the table. */
const valueOf = (cell: Cell, type: ColumnType): unknown =>
  type === 'json' && typeof cell === 'string' ? JSON.parse(cell) : cell;

const quoted = (name: string): string => `"${name}"`;

const load = async (
  pool: Pool,
  slug: string,
  source: TemplateSource,
  stream: DiscoveredStream,
): Promise<void> => {
  const { connector, config, credentials, context } = source;
  const columns = stream.columns.map(({ name, type }) => `${quoted(name)} ${sqlTypes[type]}`);
  const table = `${slug}.${quoted(stream.name)}`;
  await pool.query(`CREATE TABLE ${table} (${columns.join(', ')})`);
  const account = await connector.account(config, credentials, context);
  const request = {
    config,
    credentials,
    stream: stream.name,
    slice: stream.slicing ? (source.slices?.[stream.name] ?? source.slice) : {},
    account,
  };
  const rows = new Map<string, Record<string, unknown>>();
  const keep = (batch: Batch): void => {
    for (const row of batch.rows) {
      const named = Object.fromEntries(
        batch.columns.map(({ name, type }, at) => [name, valueOf(row[at] ?? null, type)]),
      );
      rows.set(JSON.stringify(stream.key.map((name) => named[name])), named);
    }
  };
  for await (const batch of connector.read({ ...request, checkpoint: null, knownColumns: null }, context))
    keep(batch);
  await pool.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
    JSON.stringify([...rows.values()]),
  ]);
};

/** Tables of these streams only, so that a template which reads others than it names fails. */
const loadAll = async (
  pool: Pool,
  slug: string,
  source: TemplateSource,
  streams: ReadonlySet<string>,
): Promise<void> => {
  const { connector, config, credentials, context } = source;
  await pool.query(`CREATE SCHEMA ${slug}`);
  for (const stream of await connector.discover(config, credentials, context))
    if (streams.has(stream.name)) await load(pool, slug, source, stream);
};

type Model = ConnectorTemplate['models'][number];

const build = async (pool: Pool, model: Model): Promise<void> => {
  const { name, sql, indexes = [], guards = [] } = createModel.parse(model);
  await pool.query(`CREATE TABLE ${name} AS ${sql}`);
  const keys = guards.filter(({ kind }) => kind === 'unique').map(({ columns = [] }) => columns);
  for (const { columns, unique } of [...indexes, ...keys.map((columns) => ({ columns, unique: true }))])
    await pool.query(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ON ${name} (${columns.map(quoted).join(', ')})`);
};

const wordsFor = async (beside: Readonly<Record<string, TemplateSource>>): Promise<TemplateWords> => {
  const companions: Record<string, { slug: string; account: Account | null }> = {};
  for (const [as, { connector, config, credentials, context }] of Object.entries(beside))
    companions[as] = { slug: as, account: await connector.account(config, credentials, context) };
  return templateWords(slug, companions);
};

/**
 * Throws with the title of the model or chart whose SQL the database refuses, or whose keys are not unique; and for what the API does
 * not take, and streams that are not there.
 */
export const runTemplates = async (pool: Pool, source: TemplateSource): Promise<ChartRows> => {
  const { connector, beside = {} } = source;
  const isWhole = (template: ConnectorTemplate): boolean =>
    (template.beside ?? []).every(({ as, type }) => beside[as]?.connector.spec.type === type);
  const templates = connector.templates.filter(isWhole);
  await loadAll(pool, slug, source, new Set(templates.flatMap(({ streams }) => streams)));
  for (const [as, companion] of Object.entries(beside)) {
    const needs = templates.flatMap((template) => template.beside?.filter((each) => each.as === as) ?? []);
    await loadAll(pool, as, companion, new Set(needs.flatMap(({ streams }) => streams)));
  }
  const words = await wordsFor(beside);
  const told = async <T>(what: string, work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw new Error(`${what}: ${String(cause)}`, { cause });
    });
  const found: ChartRows = new Map();
  const requireStreams = (title: string, from: TemplateSource, streams: readonly string[]): void => {
    const known = from.connector.streams(from.config).map(({ name }) => name);
    const missing = streams.filter((name) => !known.includes(name));
    if (missing.length > 0) throw new Error(`${title} reads ${missing.join(', ')}, which are no streams.`);
  };
  for (const { models, dashboards, streams, title, beside: companions = [] } of templates) {
    requireStreams(title, source, streams);
    for (const { as, streams: theirs } of companions) requireStreams(title, beside[as] ?? source, theirs);
    for (const model of fillIn(models, words)) await told(model.name, build(pool, model));
    for (const dashboard of fillIn(dashboards, words)) {
      createDashboard.parse(dashboard);
      for (const chart of dashboard.charts) {
        const { rows } = await told(chart.title, pool.query<Record<string, unknown>>(chart.sql));
        found.set(chart.title, { chart, rows });
      }
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
