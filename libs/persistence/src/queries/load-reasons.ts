/** How some models and tables came to be as they are: their published versions, last refreshes, and who moved each table. */
import { iso, type Sql } from '../sql';

export interface ModelReason {
  id: string;
  version: number;
  publishedAt: string | null;
  lastRefresh: { id: string; status: string; why: string; completedAt: string | null } | null;
}

export interface TableReason {
  streamId: string;
  name: string;
  current: number;
  movedBy: { runId: string; trigger: string; completedAt: string | null } | null;
}

const models = /* sql */ `
select m.id::text, m.published_version as version, ${iso('v.published_at')} as "publishedAt",
  (select json_build_object('id', r.id::text, 'status', r.status, 'why', coalesce(r.error ->> 'message', r.why), 'completedAt', ${iso('r.completed_at')})
    from app.refresh r where r.model_id = m.id and r.kind = 'live' order by r.id desc limit 1) as "lastRefresh"
from app.data_model m
left join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.id = any($1::bigint[])`;

const tables = /* sql */ `
select s.id::text as "streamId", d.slug || '.' || s.name as name, s.revision::float8 as current,
  (select json_build_object('runId', r.id::text, 'trigger', r.trigger, 'completedAt', ${iso('r.completed_at')})
    from app.sync_run_stream x join app.sync_run r on r.id = x.run_id
    where x.stream_id = s.id and x.to_revision > x.from_revision
    order by x.to_revision desc, x.run_id desc limit 1) as "movedBy"
from app.stream s join app.data_source d on d.id = s.source_id
where s.id = any($1::bigint[])`;

export const loadModelReasons = (sql: Sql, ids: readonly string[]): Promise<ModelReason[]> =>
  sql.rows<ModelReason & Record<string, unknown>>(models, [ids]);

/** `movedBy`: the run that changed the table last. */
export const loadTableReasons = (sql: Sql, ids: readonly string[]): Promise<TableReason[]> =>
  sql.rows<TableReason & Record<string, unknown>>(tables, [ids]);
