/** Stores a finished build in the publishing transaction: the version, the pointer, the vector, the history and the event. */
import type { Column, GuardReport, ModelIndex, VersionDiff } from '@freshet/contracts';
import { channels } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { emitEvents, type NewEvent } from './emit-events';

/** What is remembered of every build, whatever becomes of it. */
export interface BuildRecord {
  modelId: string;
  organizationId: string;
  projectId: string;
  refreshId: string;
  /** Also the version's number. */
  attempt: number;
  vector: InputVector;
  definitionRevision: number;
  columns: Column[];
  indexes: ModelIndex[];
  rowCount: number;
  bytes: number;
  contentHash: string;
  rowsBefore: number | null;
  rowsAdded: number;
  rowsRemoved: number;
  rowsChanged: number;
  durationMs: number;
  sql: string;
  guards: GuardReport[];
  /** Against the published version, column by column; null: nobody asked. */
  comparison: VersionDiff | null;
}

export interface FinishedBuildRecord extends BuildRecord {
  outcome: 'publish' | 'unchanged' | 'shadow' | 'candidate';
  /** Of `unchanged`: the version that holds the result, the published one or the candidate. */
  keeps: number | null;
}

/** The fields of a record as columns of `b`, for the statements below. */
export const recordColumns = /* sql */ `jsonb_to_record($1::jsonb) as b(
  "modelId" bigint, "organizationId" bigint, "projectId" bigint, "refreshId" bigint, attempt integer, vector jsonb,
  "definitionRevision" integer, columns jsonb, indexes jsonb, "rowCount" bigint, bytes bigint, "contentHash" text,
  "rowsBefore" bigint, "rowsAdded" bigint, "rowsRemoved" bigint, "rowsChanged" bigint, "durationMs" float8, sql text,
  guards jsonb, comparison jsonb, plan jsonb, outcome text, keeps integer, "candidateVersion" integer, "versionState" text, "itemState" text,
  "itemWhy" text)`;

/** With the guards' results and without the rows they found: those are people's data, kept with the refresh alone. */
export const insertVersion = /* sql */ `
insert into app.model_version (model_id, version, organization_id, project_id, state, columns, indexes, row_count, bytes,
  content_hash, vector, guards, refresh_id, published_at)
select "modelId", attempt, "organizationId", "projectId", "versionState", columns, indexes, "rowCount", bytes, "contentHash",
  vector, (select coalesce(jsonb_agg(g - 'rows' order by place), '[]') from jsonb_array_elements(guards) with ordinality x(g, place)),
  "refreshId", case when "versionState" = 'live' then clock_timestamp() end
from b where "versionState" is not null`;

const endRefresh = /* sql */ `
update app.refresh r
set status = 'COMPLETED', completed_at = clock_timestamp(), lease_until = null, vector = b.vector,
  definition_revision = b."definitionRevision", published = b.outcome = 'publish',
  version = case when b."versionState" is not null then b.attempt end,
  rows_before = b."rowsBefore", rows_after = b."rowCount", rows_added = b."rowsAdded", rows_removed = b."rowsRemoved",
  rows_changed = b."rowsChanged", sql = b.sql, guards = b.guards, comparison = b.comparison, error = null
from b where r.id = b."refreshId" returning r.source_id, r.cascade_id`;

const retire = /* sql */ `
update app.model_version set state = 'retired', retired_at = clock_timestamp() where model_id = $1 and state = any($2)`;

// One statement, since each way to the database is time in which the model's row is locked.
const store = /* sql */ `
with b as materialized (select * from ${recordColumns}),
version as (${insertVersion}),
-- an equal version stays, but from now on it contains what these inputs contain
kept as (
  update app.model_version v set vector = b.vector from b
  where v.model_id = b."modelId" and v.version = b.keeps
),
model as (
  update app.data_model m
  set built_vector = b.vector, last_finished_attempt = b.attempt,
    published_version = case when b.outcome = 'publish' then b.attempt else m.published_version end,
    candidate_version = b."candidateVersion",
    failures = 0, vector_failures = 0, failed_vector = null, failure_final = false, interruptions = 0, retry_at = null,
    last_error = null,
    -- the clock of a candidate runs until its set is published
    owed_since = case when b."candidateVersion" is not null then m.owed_since end, last_refreshed_at = clock_timestamp(), last_duration_ms = round(b."durationMs"),
    -- not of somebody who took over meanwhile
    lease_until = case when m.lease_refresh_id = b."refreshId" then null else m.lease_until end,
    lease_refresh_id = nullif(m.lease_refresh_id, b."refreshId")
  from b where m.id = b."modelId"
),
items as (
  update app.cascade_item i
  set state = b."itemState", why = b."itemWhy", published_at = case when b."itemState" <> 'built' then clock_timestamp() end
  from b where i.refresh_id = b."refreshId" and i.state = 'running'
),
ended as (${endRefresh})
select source_id, cascade_id, pg_notify('${channels.dispatch}', $2) from ended`;

const versionState = { publish: 'live', candidate: 'candidate', shadow: 'shadow', unchanged: null } as const;

/**
 * In the transaction that holds the model's row (`lockFenceRow`); the last thing it does.
 * @param before the model's candidate until now: it is retired, unless the result equals it
 */
export const storeBuild = async (
  sql: Sql,
  build: FinishedBuildRecord,
  before: { candidateVersion: number | null },
): Promise<void> => {
  const { modelId, refreshId, projectId, outcome, attempt, keeps } = build;
  const published = outcome === 'publish';
  const keepsCandidate = keeps !== null && keeps === before.candidateVersion;
  const retired = [
    ...(published ? ['live'] : []),
    ...(before.candidateVersion !== null && !keepsCandidate ? ['candidate'] : []),
  ];
  if (retired.length) await sql.rows(retire, [modelId, retired]);
  const candidateVersion = outcome === 'candidate' ? attempt : keepsCandidate ? keeps : null;
  const [refresh] = await sql.rows<{ source_id: string | null; cascade_id: string | null }>(store, [
    JSON.stringify({
      ...build,
      candidateVersion,
      versionState: versionState[outcome],
      ...itemEnd[keepsCandidate ? 'candidate' : outcome],
    }),
    projectId,
  ]);
  const events: NewEvent[] = [
    { name: 'model:refresh:completed', payload: { modelId, refreshId, published, version: attempt } },
  ];
  if (published) {
    const cause = { refreshId, sourceId: refresh?.source_id ?? null, cascadeId: refresh?.cascade_id ?? null };
    events.push({ name: 'model:published', payload: { modelId, version: attempt, cause } });
  }
  await emitEvents(sql, projectId, events);
};

const itemEnd = {
  publish: { itemState: 'published', itemWhy: 'A new version was published.' },
  candidate: {
    itemState: 'built',
    itemWhy: 'It is built, and is published together with the others of its set.',
  },
  unchanged: {
    itemState: 'unchanged',
    itemWhy: 'Its result did not change, so the cascade stops here.',
  },
  shadow: {
    itemState: 'unchanged',
    itemWhy: 'It is pinned or in shadow mode, so the new build was stored without being published.',
  },
} as const;
