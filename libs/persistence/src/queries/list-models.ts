/** Models with their published version, the refresh under way and the dashboards that read them, oldest first. */
import type { Column, Fault, Guard, ModelIndex } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import { iso, type Sql } from '../sql';

export interface ModelRow {
  id: string;
  projectId: string;
  name: string;
  sql: string;
  /** 0 before the first build. */
  version: number;
  pinnedVersion: number | null;
  candidateVersion: number | null;
  mode: 'live' | 'shadow';
  shadowUntil: string | null;
  stableView: boolean;
  rowCount: number | null;
  columns: Column[];
  builtVector: InputVector | null;
  lastRefreshedAt: string | null;
  lastDurationMs: number | null;
  autoRefresh: boolean;
  updatesOn: 'any' | 'all';
  guards: Guard[];
  indexes: ModelIndex[];
  keepVersions: number;
  schemaPolicy: 'strict' | 'additive' | 'any';
  allowEmpty: boolean;
  lastError: Fault | null;
  createdAt: string;
  revision: number;
  activeRefresh: { id: string; status: 'QUEUED' | 'RUNNING' } | null;
  dashboards: { id: string; name: string }[];
}

const query = /* sql */ `
select m.id::text, m.project_id::text as "projectId", m.name, m.sql, m.published_version as version,
  m.pinned_version as "pinnedVersion", m.candidate_version as "candidateVersion", m.mode,
  ${iso('m.shadow_until')} as "shadowUntil", m.stable_view as "stableView", v.row_count::float8 as "rowCount", coalesce(v.columns, '[]') as columns,
  m.built_vector as "builtVector", ${iso('m.last_refreshed_at')} as "lastRefreshedAt", m.last_duration_ms as "lastDurationMs",
  m.auto_refresh as "autoRefresh", m.updates_on as "updatesOn", m.guards, m.indexes, m.keep_versions as "keepVersions",
  m.schema_policy as "schemaPolicy", m.allow_empty as "allowEmpty", m.last_error as "lastError",
  ${iso('m.created_at')} as "createdAt", m.revision,
  (select json_build_object('id', r.id::text, 'status', r.status) from app.refresh r
    where r.model_id = m.id and r.kind = 'live' and r.status in ('QUEUED', 'RUNNING') order by r.status desc limit 1) as "activeRefresh",
  (select coalesce(json_agg(json_build_object('id', d.id::text, 'name', d.name) order by d.id), '[]')
    from app.dashboard d
    where d.deleted_at is null and exists (
      select from app.chart c join app.chart_input i on i.chart_id = c.id
      where c.dashboard_id = d.id and i.kind = 'm' and i.input_id = m.id)) as dashboards
from app.data_model m
left join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.deleted_at is null and ($1::bigint is null or m.project_id = $1) and ($2::bigint is null or m.id = $2)
  and ($3::bigint is null or m.id > $3)
order by m.id limit $4`;

export interface ModelFilter {
  projectId?: string;
  id?: string;
  after?: string | null;
  limit?: number;
}

export const listModels = (sql: Sql, { projectId, id, after, limit = 1 }: ModelFilter): Promise<ModelRow[]> =>
  sql.rows<ModelRow & Record<string, unknown>>(query, [projectId ?? null, id ?? null, after ?? null, limit]);
