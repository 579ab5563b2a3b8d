/** The snapshot of some projects from which the dispatcher decides; one statement, so one moment. */
import type { CascadeState, ModelState, SourceState, StreamState } from '@freshet/domain';
import { prepared } from '../prepared';
import type { Sql } from '../sql';

const epoch = (expression: string): string => `(extract(epoch from ${expression}) * 1000)::float8`;

/**
 * Of each model, over the tables of the query below. They travel as lists, without names: that halves what a thousand models cost PostgreSQL
 * to write and Node to read.
 */
const modelMembers: Record<keyof LoadedModel, string> = {
  id: 'm.id::text',
  organizationId: 'm.organization_id::text',
  projectId: 'm.project_id::text',
  publishMode: 'p.publish_mode',
  name: 'm.name',
  deleted: 'm.deleted_at is not null',
  autoRefresh: 'm.auto_refresh',
  paused: 'm.paused',
  updatesOn: 'm.updates_on',
  inputs: "coalesce(i.inputs, '[]')",
  definitionRevision: 'm.definition_revision',
  forced: 'm.forced',
  mode: 'm.mode',
  shadowUntil: epoch('m.shadow_until'),
  pinnedVersion: 'm.pinned_version',
  publishedVersion: 'm.published_version',
  candidateVersion: 'm.candidate_version',
  publishedVector: 'v.vector',
  builtVector: 'm.built_vector',
  failures: 'm.failures',
  vectorFailures: 'm.vector_failures',
  failedVector: 'm.failed_vector',
  failureFinal: 'm.failure_final',
  interruptions: 'm.interruptions',
  retryAt: epoch('m.retry_at'),
  owedSince: epoch('m.owed_since'),
  leaseUntil: epoch('m.lease_until'),
  requestedAt: epoch('q.queued_at'),
  requestClass: 'q.class',
  watched: 'w.model_id is not null',
  asks: "coalesce(a.asks, '[]')",
  lastStartedAttempt: 'm.last_started_attempt',
};

const query = prepared(/* sql */ `
select
  ${epoch('clock_timestamp()')} as "lookedAt",
  (select coalesce(json_agg(json_build_object(
      'id', s.id::text, 'name', d.slug || '.' || s.name, 'sourceId', s.source_id::text, 'revision', s.revision,
      'held', s.held, 'deleted', s.deleted_at is not null or d.deleted_at is not null, 'exists', s.generation > 0)), '[]')
    from app.stream s join app.data_source d on d.id = s.source_id
    where s.project_id = any($1)) as streams,
  (select coalesce(json_agg(json_build_object(
      'id', d.id::text, 'name', d.slug, 'syncingUntil', ${epoch('d.syncing_until')})), '[]')
    from app.data_source d
    where d.project_id = any($1)) as sources,
  (select coalesce(json_agg(json_build_array(${Object.values(modelMembers).join(', ')})), '[]')
    from app.data_model m
    join app.project p on p.id = m.project_id
    left join app.model_version v on v.model_id = m.id and v.version = m.published_version
    left join (
      select distinct i.input_id as model_id
      from app.dashboard_watch o join app.chart c on c.dashboard_id = o.dashboard_id join app.chart_input i on i.chart_id = c.id
      where o.project_id = any($1) and o.until > clock_timestamp() and i.kind = 'm') w on w.model_id = m.id
    left join lateral (
      select json_agg(json_build_object('kind', r.kind, 'requestedAt', ${epoch('r.queued_at')}) order by r.id) as asks
      from app.refresh r where r.model_id = m.id and r.status = 'QUEUED' and r.kind <> 'live') a on true
    left join lateral (
      select json_agg(json_build_object('kind', n.kind, 'id', n.input_id::text)) as inputs
      from app.model_input n where n.model_id = m.id) i on true
    left join lateral (
      select r.queued_at, case r.triggered_by when 'schedule' then 2 else 1 end as class
      from app.refresh r where r.model_id = m.id and r.kind = 'live' and r.status = 'QUEUED' and r.triggered_by <> 'cascade') q on true
    where m.project_id = any($1)) as models`);

export type LoadedModel = ModelState & { lastStartedAttempt: number };
export type LoadedCascadeState = Omit<CascadeState, 'models'> & {
  models: LoadedModel[];
  /** By the database's clock, in epoch milliseconds. */
  lookedAt: number;
};

const memberNames = Object.keys(modelMembers) as (keyof LoadedModel)[];

const modelOf = (values: readonly unknown[]): LoadedModel => {
  const model: Partial<Record<keyof LoadedModel, unknown>> = {};
  for (const [place, name] of memberNames.entries()) model[name] = values[place];
  return model as LoadedModel;
};

type Loaded = Omit<LoadedCascadeState, 'models'> & {
  streams: StreamState[];
  sources: SourceState[];
  models: unknown[][];
};

/** Deleted models and streams are included: what reads them has to know. */
export const loadCascadeState = async (
  sql: Sql,
  projectIds: readonly string[],
): Promise<LoadedCascadeState> => {
  const [row] = await sql.rows<Loaded & Record<string, unknown>>(query, [projectIds]);
  if (!row) throw new Error('A statement without a table gave no row.');
  return { ...row, models: row.models.map(modelOf) };
};
