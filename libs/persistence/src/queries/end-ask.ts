/** Ends a shadow build or a dry run that somebody asked for: the history tells what was found, the model stays as it is. */
import { channels, type QueryPlan } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';
import { insertVersion, recordColumns, type BuildRecord } from './store-build';

export interface FinishedAskRecord extends BuildRecord {
  /** Of a shadow the version is remembered, of a dry run nothing is. */
  kind: 'shadow' | 'dry';
  /** What PostgreSQL expected the query to cost; null for a shadow. */
  plan: QueryPlan | null;
}

const store = /* sql */ `
with b as materialized (select * from ${recordColumns}),
version as (${insertVersion}),
model as (
  update app.data_model m set lease_until = null, lease_refresh_id = null
  from b where m.id = b."modelId" and m.lease_refresh_id = b."refreshId"
),
ended as (
  update app.refresh r
  set status = 'COMPLETED', completed_at = clock_timestamp(), lease_until = null, vector = b.vector,
    definition_revision = b."definitionRevision", version = case when b."versionState" is not null then b.attempt end,
    rows_before = b."rowsBefore", rows_after = b."rowCount", rows_added = b."rowsAdded", rows_removed = b."rowsRemoved",
    rows_changed = b."rowsChanged", sql = b.sql, guards = b.guards, comparison = b.comparison, plan = b.plan, error = null
  from b where r.id = b."refreshId" returning r.id
)
select pg_notify('${channels.dispatch}', $2) from ended`;

/** In the transaction that holds the model's row; the last thing it does. */
export const endAsk = async (sql: Sql, ask: FinishedAskRecord): Promise<void> => {
  const { modelId, refreshId, projectId, attempt } = ask;
  const versionState = ask.kind === 'shadow' ? 'shadow' : null;
  await sql.rows(store, [JSON.stringify({ ...ask, versionState }), projectId]);
  await emitEvents(sql, projectId, [
    { name: 'model:refresh:completed', payload: { modelId, refreshId, published: false, version: attempt } },
  ]);
};
