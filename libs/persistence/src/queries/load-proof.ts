/** What some inputs contain at the bottom: every version they were built from, and the newest sync run in each table. */
import type { GuardReport } from '@freshet/contracts';
import { iso, type Sql } from '../sql';
import { reach } from './reach';
import type { ReadInput } from './load-as-of';

export interface ContainedVersion {
  modelId: string;
  name: string;
  version: number;
  refreshId: string;
  builtAt: string;
  publishedAt: string | null;
  rowCount: number;
  contentHash: string;
  guards: GuardReport[];
}

export interface ContainedTable {
  streamId: string;
  name: string;
  revision: number;
  runId: string | null;
  /** When that run ended: it contains what the source had by then. */
  fetchedAt: string | null;
}

export interface Contents {
  versions: ContainedVersion[];
  tables: ContainedTable[];
}

// As the as-of of a number: a version's vector leads to the versions and revisions below it, and the newest completed run
// at or below a revision is what the table is current as of.
const query = /* sql */ `${reach}
select
  (select coalesce(json_agg(json_build_object(
      'modelId', m.id::text, 'name', m.name, 'version', v.version, 'refreshId', v.refresh_id::text,
      'builtAt', ${iso('v.built_at')}, 'publishedAt', ${iso('v.published_at')}, 'rowCount', v.row_count,
      'contentHash', v.content_hash, 'guards', v.guards) order by m.name, v.version), '[]')
    from reach r join app.model_version v on r.kind = 'm' and v.model_id = r.id and v.version = r.value
    join app.data_model m on m.id = v.model_id) as versions,
  (select coalesce(json_agg(json_build_object(
      'streamId', s.id::text, 'name', d.slug || '.' || s.name, 'revision', r.value, 'runId', done.run_id::text,
      'fetchedAt', ${iso('done.completed_at')}) order by d.slug, s.name, r.value), '[]')
    from reach r join app.stream s on r.kind = 't' and s.id = r.id join app.data_source d on d.id = s.source_id
    left join lateral (
      select rs.run_id, x.completed_at
      from app.sync_run_stream rs join app.sync_run x on x.id = rs.run_id
      where rs.stream_id = s.id and rs.to_revision <= r.value and x.status = 'completed'
      order by rs.run_id desc limit 1) done on true) as tables`;

export const loadContents = async (sql: Sql, inputs: readonly ReadInput[]): Promise<Contents> => {
  const [row] = await sql.rows<Contents & Record<string, unknown>>(query, [JSON.stringify(inputs)]);
  return row ?? { versions: [], tables: [] };
};

/** Whether all of these are what one would read now: versions published still, revisions the tables' latest. */
export const isCurrent = async (sql: Sql, inputs: readonly ReadInput[]): Promise<boolean> => {
  const [row] = await sql.rows<{ current: boolean }>(
    `select coalesce(bool_and(coalesce(s.revision, m.published_version) is not distinct from e.value), true) as current
     from jsonb_to_recordset($1::jsonb) as e(kind text, id bigint, value bigint)
     left join app.stream s on e.kind = 't' and s.id = e.id and s.deleted_at is null
     left join app.data_model m on e.kind = 'm' and m.id = e.id and m.deleted_at is null`,
    [JSON.stringify(inputs)],
  );
  return row?.current ?? false;
};
