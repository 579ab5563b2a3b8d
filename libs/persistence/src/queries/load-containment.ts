/** What many versions contain, in one read: their vectors and those below, and the newest sync run in each table's revision. */
import type { InputVector } from '@freshet/domain';
import { prepared } from '../prepared';
import { iso, type Sql } from '../sql';
import { reach } from './reach';
import type { ReadInput } from './load-as-of';

export interface ContainmentRows {
  vectors: { modelId: string; version: number; vector: InputVector }[];
  tables: {
    streamId: string;
    sourceId: string;
    revision: number;
    runId: string | null;
    completedAt: string | null;
  }[];
  /** Runs that go on. */
  openRuns: { sourceId: string; runId: string }[];
}

const query = prepared(/* sql */ `${reach}, tables as (
  select s.id, s.source_id, r.value, done.run_id, done.completed_at
  from reach r join app.stream s on r.kind = 't' and s.id = r.id
  left join lateral (
    select rs.run_id, x.completed_at
    from app.sync_run_stream rs join app.sync_run x on x.id = rs.run_id
    where rs.stream_id = s.id and rs.to_revision <= r.value and x.status = 'completed'
    order by rs.run_id desc limit 1) done on true
)
select
  (select coalesce(json_agg(json_build_object('modelId', v.model_id::text, 'version', v.version, 'vector', v.vector)), '[]')
    from reach r join app.model_version v on r.kind = 'm' and v.model_id = r.id and v.version = r.value) as vectors,
  (select coalesce(json_agg(json_build_object(
      'streamId', id::text, 'sourceId', source_id::text, 'revision', value, 'runId', run_id::text,
      'completedAt', ${iso('completed_at')})), '[]') from tables) as tables,
  (select coalesce(json_agg(json_build_object('sourceId', o.source_id::text, 'runId', o.id::text)), '[]')
    from app.sync_run o where o.status = 'running' and o.source_id in (select source_id from tables)) as "openRuns"`);

export const loadContainment = async (sql: Sql, inputs: readonly ReadInput[]): Promise<ContainmentRows> => {
  if (!inputs.length) return { vectors: [], tables: [], openRuns: [] };
  const [row] = await sql.rows<ContainmentRows & Record<string, unknown>>(query, [JSON.stringify(inputs)]);
  return row ?? { vectors: [], tables: [], openRuns: [] };
};
