/** What a project's models read, what their history says they have seen, and what could keep them from seeing more. */
import type { InputVector } from '@freshet/domain';
import type { Sql } from '@freshet/persistence';
import { epoch } from '../invariant';

export interface ModelRecord {
  id: string;
  name: string;
  deleted: boolean;
  autoRefresh: boolean;
  paused: boolean;
  /** Its builds are not published by themselves: pinned, or in shadow mode. */
  setAside: boolean;
  inputs: { kind: 't' | 'm'; id: string }[];
  definitionRevision: number;
  forced: number;
  publishedVersion: number;
  candidateVersion: number | null;
  /** When readers' version last changed. */
  publishedAt: number | null;
  candidateAt: number | null;
  createdAt: number;
  /** Of the latest finished refresh in the history. */
  seen: InputVector | null;
  lastFinishedId: string | null;
  /** What the model's row says it was built from. */
  builtVector: InputVector | null;
  failedVector: InputVector | null;
  failureFinal: boolean;
  vectorFailures: number;
  interruptions: number;
  /** A failed or cancelled refresh with `failedVector` is in the history. */
  failureRecorded: boolean;
  retryAt: number | null;
  owedSince: number | null;
  /** A refresh of it waits in the queue or runs. */
  inWork: boolean;
}

export interface StreamRecord {
  id: string;
  name: string;
  revision: number;
  held: boolean;
  deleted: boolean;
  exists: boolean;
  changedAt: number | null;
}

export interface CascadeRecords {
  models: ModelRecord[];
  streams: StreamRecord[];
  /** Refreshes wait or run somewhere in the installation: slots are shared. */
  busy: boolean;
}

const models = /* sql */ `
select m.id, m.name, m.deleted_at is not null as deleted, m.auto_refresh as "autoRefresh", m.paused,
  m.pinned_version is not null or m.mode = 'shadow' as "setAside", coalesce(i.inputs, '[]') as inputs,
  m.definition_revision as "definitionRevision", m.forced, m.published_version as "publishedVersion",
  m.candidate_version as "candidateVersion", ${epoch('v.moved')} as "publishedAt", ${epoch('v.candidate')} as "candidateAt",
  ${epoch('m.created_at')} as "createdAt", last.vector as seen, last.id as "lastFinishedId", m.built_vector as "builtVector", m.failed_vector as "failedVector",
  m.failure_final as "failureFinal", m.vector_failures as "vectorFailures", m.interruptions,
  exists (select from app.refresh r where r.model_id = m.id and r.status in ('FAILED', 'CANCELLED')
    and r.vector = m.failed_vector) as "failureRecorded",
  ${epoch('m.retry_at')} as "retryAt", ${epoch('m.owed_since')} as "owedSince",
  exists (select from app.refresh r where r.model_id = m.id and r.status in ('QUEUED', 'RUNNING') and r.kind = 'live') as "inWork"
from app.data_model m
left join lateral (
  select json_agg(json_build_object('kind', n.kind, 'id', n.input_id::text)) as inputs from app.model_input n where n.model_id = m.id) i on true
left join lateral (
  select r.id, r.vector from app.refresh r
  where r.model_id = m.id and r.status = 'COMPLETED' and r.kind = 'live' and r.vector is not null
  order by r.completed_at desc, r.id desc limit 1) last on true
left join lateral (
  select greatest(max(x.published_at), max(x.retired_at)) as moved, max(x.built_at) filter (where x.state = 'candidate') as candidate
  from app.model_version x where x.model_id = m.id) v on true
where m.project_id = $1 order by m.id`;

const streams = /* sql */ `
select s.id, d.slug || '.' || s.name as name, s.revision::float8 as revision, s.held,
  s.deleted_at is not null or d.deleted_at is not null as deleted, s.generation > 0 as exists, ${epoch('s.changed_at')} as "changedAt"
from app.stream s join app.data_source d on d.id = s.source_id where s.project_id = $1`;

const work = /* sql */ `
select exists (select from app.refresh r where r.status in ('QUEUED', 'RUNNING')) as busy`;

export const loadCascadeRecords = async (sql: Sql, projectId: string): Promise<CascadeRecords> => {
  const [row] = await sql.rows<{ busy: boolean }>(work);
  return {
    models: await sql.rows<ModelRecord & Record<string, unknown>>(models, [projectId]),
    streams: await sql.rows<StreamRecord & Record<string, unknown>>(streams, [projectId]),
    busy: row?.busy ?? false,
  };
};
