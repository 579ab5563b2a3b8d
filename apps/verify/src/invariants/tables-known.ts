/** Every table in a project's schema is somebody's, and every version and generation that is recorded is there. */
import type { Column } from '@freshet/contracts';
import { modelTable, projectSchema, streamTable } from '@freshet/warehouse';
import { listed, modelNamed, pending, violated, type Finding, type Invariant } from '../invariant';

export interface VersionRow {
  modelId: string;
  model: string;
  version: number;
  state: string;
  columns: Column[];
  /** The model's pointer names it. */
  isPublished: boolean;
}

interface StreamRow {
  id: string;
  name: string;
  generation: number;
  columns: Column[];
  deleted: boolean;
}

export interface KnownTables {
  /** Name → columns in order. */
  tables: ReadonlyMap<string, Column[]>;
  versions: readonly VersionRow[];
  streams: readonly StreamRow[];
  retired: readonly string[];
  /** Tables that a refresh is building or has just left: gone, or recorded, within a minute or two. */
  passing: ReadonlySet<string>;
  /** Models whose pointer names a version that is not recorded, or is recorded as something else than live. */
  lostPointers: readonly { modelId: string; model: string; version: number; state: string | null }[];
}

const tables = /* sql */ `
select c.relname as table, coalesce(json_agg(json_build_object('name', a.attname,
  'type', pg_catalog.format_type(a.atttypid, a.atttypmod)) order by a.attnum) filter (where a.attname is not null), '[]') as columns
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = $1 and c.relkind in ('r', 'p') group by c.oid, c.relname order by c.relname`;

const versions = /* sql */ `
select v.model_id as "modelId", m.name as model, v.version, v.state, v.columns, m.published_version = v.version as "isPublished"
from app.model_version v join app.data_model m on m.id = v.model_id where v.project_id = $1`;

const streams = /* sql */ `
select s.id, d.slug || '.' || s.name as name, s.generation, s.columns, s.deleted_at is not null as deleted
from app.stream s join app.data_source d on d.id = s.source_id where s.project_id = $1 and s.generation > 0`;

const retired = `select table_name as name from app.retired_table where project_id = $1`;

/** A version's number is its attempt's; a build whose result was not kept is dropped after its end, or by the next two sweeps. */
const passing = /* sql */ `
select r.model_id as "modelId", m.last_started_attempt as last, count(*)::int as recent
from app.refresh r join app.data_model m on m.id = r.model_id
where r.project_id = $1 and r.started_at is not null
  and (r.status = 'RUNNING' or r.completed_at > to_timestamp($2::float8 / 1000) - interval '2 minutes')
group by r.model_id, m.last_started_attempt`;

const lostPointers = /* sql */ `
select m.id as "modelId", m.name as model, m.published_version as version, v.state
from app.data_model m left join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.project_id = $1 and m.deleted_at is null and m.published_version > 0 and v.state is distinct from 'live'`;

export const findUnknown = (projectId: string, known: KnownTables): Finding[] => {
  const schema = projectSchema(projectId);
  const expected = new Map<string, string>([
    ...known.versions.map((each): [string, string] => [
      modelTable(each.modelId, each.version),
      `version ${each.version} (${each.state}) of ${modelNamed(each)}`,
    ]),
    ...known.streams
      .filter(({ deleted }) => !deleted)
      .map(({ id, name, generation }): [string, string] => [
        streamTable(id, generation),
        `stream ${id} (${name})`,
      ]),
  ]);
  const retiring = new Set([
    ...known.retired,
    ...known.streams
      .filter(({ deleted }) => deleted)
      .map(({ id, generation }) => streamTable(id, generation)),
  ]);
  const orphans = [...known.tables.keys()].filter((name) => !expected.has(name) && !retiring.has(name));
  const missing = [...expected].filter(([name]) => !known.tables.has(name));
  const { passing: young } = known;
  return [
    ...orphans.map((name) =>
      young.has(name)
        ? pending(
            `Table ${schema}.${name} is being built, or is a build’s leftover that is swept within two minutes.`,
          )
        : violated(
            `Nobody knows table ${schema}.${name}: no version, stream generation or running build owns it. ` +
              'Look at whether the scheduler’s sweeper runs; if it does and the table stays, drop it.',
          ),
    ),
    ...missing.map(([name, owner]) =>
      violated(
        `Table ${schema}.${name} is gone, and ${owner} needs it. Look at who dropped it; refresh the model, or sync the source in full.`,
      ),
    ),
  ];
};

export const findWrongShapes = (
  projectId: string,
  { tables: there, versions: rows }: KnownTables,
): Finding[] =>
  rows.flatMap((row) => {
    const columns = there.get(modelTable(row.modelId, row.version));
    if (!columns || shapeOf(columns) === shapeOf(row.columns)) return [];
    return [
      violated(
        `Version ${row.version} of ${modelNamed(row)} is recorded with columns ${shapeOf(row.columns)}, but ` +
          `${projectSchema(projectId)}.${modelTable(row.modelId, row.version)} has ${shapeOf(columns)}. Look at who altered it; refresh the model.`,
      ),
    ];
  });

/** A table may have more columns than are recorded: they are added in a transaction of their own, before the slice that fills them. */
const findMissingColumns = (projectId: string, { tables: there, streams: rows }: KnownTables): Finding[] =>
  rows.flatMap(({ id, name, generation, columns, deleted }) => {
    const table = streamTable(id, generation);
    const names = there.get(table)?.map((column) => column.name);
    const missing = columns.filter((column) => names && !names.includes(column.name));
    if (deleted || !missing.length) return [];
    return [
      violated(
        `Table ${projectSchema(projectId)}.${table} of stream ${id} (${name}) lacks columns that are recorded: ` +
          `${listed(missing.map((column) => column.name))}. Look at who altered it; sync the source in full.`,
      ),
    ];
  });

const shapeOf = (columns: readonly Column[]): string =>
  listed(
    columns.map(({ name, type }) => `${name} ${type}`),
    columns.length,
  );

const findLostPointers = ({ lostPointers: rows }: KnownTables): Finding[] =>
  rows.map((row) =>
    violated(
      `The pointer of ${modelNamed(row)} names version ${row.version}, which is ` +
        `${row.state === null ? 'not recorded' : `recorded as ${row.state}`}. Readers of it may fail: refresh it, or roll back to a version that is there.`,
    ),
  );

export const tablesKnown: Invariant = {
  name: 'tables-known',
  says: 'No orphan tables: each one is owned, and each recorded one is there with its columns.',
  scope: 'project',
  check: async ({ sql, projectId, now }) => {
    const there = await sql.rows<{ table: string; columns: Column[] }>(tables, [projectSchema(projectId)]);
    const builds = await sql.rows<{ modelId: string; last: number; recent: number }>(passing, [
      projectId,
      now,
    ]);
    const young = (name: string): boolean =>
      builds.some(({ modelId, last, recent }) => {
        const version = /^m_(.+)_v(\d+)$/.exec(name);
        const attempt = Number(version?.[2]);
        return version?.[1] === modelId && attempt <= last && attempt > last - recent;
      });
    const known: KnownTables = {
      tables: new Map(there.map(({ table, columns }) => [table, columns])),
      versions: await sql.rows<VersionRow & Record<string, unknown>>(versions, [projectId]),
      streams: await sql.rows<StreamRow & Record<string, unknown>>(streams, [projectId]),
      retired: (await sql.rows<{ name: string }>(retired, [projectId])).map(({ name }) => name),
      passing: new Set(there.map(({ table }) => table).filter(young)),
      lostPointers: await sql.rows(lostPointers, [projectId]),
    };
    return {
      checked: known.tables.size,
      findings: [
        ...findUnknown(projectId, known),
        ...findWrongShapes(projectId, known),
        ...findMissingColumns(projectId, known),
        ...findLostPointers(known),
      ],
    };
  },
};
