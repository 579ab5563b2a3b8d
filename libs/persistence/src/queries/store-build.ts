/** Stores a finished build in the publishing transaction: the pointer, the vector, the history and the event. */
import type { Column, ModelIndex } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { askDispatch, emitEvents, type NewEvent } from './emit-events';

export interface FinishedBuildRecord {
  modelId: string;
  organizationId: string;
  projectId: string;
  refreshId: string;
  outcome: 'publish' | 'unchanged' | 'shadow';
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
  rowsAdded: number | null;
  rowsRemoved: number | null;
  rowsChanged: number | null;
  durationMs: number;
  sql: string;
  guards: { guard: string; ok: boolean; message: string }[];
}

const retireLive = `update app.model_version set state = 'retired', retired_at = clock_timestamp() where model_id = $1 and state = 'live'`;

const insertVersion = /* sql */ `
insert into app.model_version (model_id, version, organization_id, project_id, state, columns, indexes, row_count, bytes,
  content_hash, vector, refresh_id, published_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, case when $5 = 'live' then clock_timestamp() end)`;

/** The version stays, but from now on it contains what these inputs contain. */
const moveVector = `update app.model_version set vector = $2 where model_id = $1 and state = 'live'`;

const updateModel = /* sql */ `
update app.data_model
set built_vector = $2, last_finished_attempt = $3, published_version = case when $4 = 'publish' then $3 else published_version end,
  failures = 0, vector_failures = 0, failed_vector = null, failure_final = false, retry_at = null, last_error = null,
  owed_since = null, last_refreshed_at = clock_timestamp(), last_duration_ms = $5
where id = $1`;

/** Not of somebody who took over meanwhile. */
const releaseLease = /* sql */ `
update app.data_model set lease_until = null, lease_refresh_id = null where id = $1 and lease_refresh_id = $2`;

const endRefresh = /* sql */ `
update app.refresh
set status = 'COMPLETED', completed_at = clock_timestamp(), lease_until = null, vector = $2, definition_revision = $3,
  published = $4, version = $5, rows_before = $6, rows_after = $7, rows_added = $8, rows_removed = $9, rows_changed = $10,
  sql = $11, guards = $12
where id = $1 returning source_id, cascade_id`;

const endItems = /* sql */ `
update app.cascade_item
set state = $2, published_at = clock_timestamp(), why = $3
where refresh_id = $1 and state = 'running'`;

/** In the transaction that holds the model's row (`lockFenceRow`). */
export const storeBuild = async (sql: Sql, build: FinishedBuildRecord): Promise<void> => {
  const { modelId, refreshId, outcome, attempt } = build;
  const vector = JSON.stringify(build.vector);
  const published = outcome === 'publish';
  if (published) await sql.rows(retireLive, [modelId]);
  if (outcome === 'unchanged') await sql.rows(moveVector, [modelId, vector]);
  else {
    await sql.rows(insertVersion, [
      modelId, attempt, build.organizationId, build.projectId, published ? 'live' : 'shadow', JSON.stringify(build.columns),
      JSON.stringify(build.indexes), build.rowCount, build.bytes, build.contentHash, vector, refreshId,
    ]); // prettier-ignore
  }
  await sql.rows(updateModel, [modelId, vector, attempt, outcome, Math.round(build.durationMs)]);
  await sql.rows(releaseLease, [modelId, refreshId]);
  const [refresh] = await sql.rows<{ source_id: string | null; cascade_id: string | null }>(endRefresh, [
    refreshId, vector, build.definitionRevision, published, outcome === 'unchanged' ? null : attempt, build.rowsBefore,
    build.rowCount, build.rowsAdded, build.rowsRemoved, build.rowsChanged, build.sql, JSON.stringify(build.guards),
  ]); // prettier-ignore
  await sql.rows(endItems, [refreshId, published ? 'published' : 'unchanged', itemSentence[outcome]]);
  const events: NewEvent[] = [
    { name: 'model:refresh:completed', payload: { modelId, refreshId, published, version: attempt } },
  ];
  if (published) {
    const cause = { refreshId, sourceId: refresh?.source_id ?? null, cascadeId: refresh?.cascade_id ?? null };
    events.push({ name: 'model:published', payload: { modelId, version: attempt, cause } });
  }
  await askDispatch(sql, build.projectId);
  await emitEvents(sql, build.projectId, events);
};

const itemSentence = {
  publish: 'A new version was published.',
  unchanged: 'Its result did not change, so the cascade stops here.',
  shadow: 'It is pinned, so the new build was stored without being published.',
} as const;
