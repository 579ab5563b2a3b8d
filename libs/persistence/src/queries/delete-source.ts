/** Takes a source away: its runs are cancelled, its tables stay a while for those who still read them. */
import type { Sql } from '../sql';
import { cancelSyncRun } from './cancel-sync-run';
import { askDispatch, emitEvents } from './emit-events';

export interface DeletedSource {
  id: string;
  projectId: string;
  organizationId: string;
  /** Physical names of its streams' present tables. */
  tables: string[];
}

const openRuns = `select id::text from app.sync_run where source_id = $1 and status in ('queued', 'running', 'waiting')`;
const forgetPages = `delete from app.raw_page where source_id = $1`;
const markStreams = `update app.stream set deleted_at = clock_timestamp(), enabled = false where source_id = $1 and deleted_at is null`;
const markSource = `update app.data_source set deleted_at = clock_timestamp(), next_run_at = null where id = $1`;
const retire = `insert into app.retired_table (organization_id, project_id, table_name) select $1, $2, unnest($3::text[])`;

/** In a transaction. */
export const deleteSource = async (sql: Sql, source: DeletedSource): Promise<void> => {
  for (const { id } of await sql.rows<{ id: string }>(openRuns, [source.id])) await cancelSyncRun(sql, id);
  await sql.rows(forgetPages, [source.id]);
  await sql.rows(markStreams, [source.id]);
  await sql.rows(markSource, [source.id]);
  await sql.rows(retire, [source.organizationId, source.projectId, source.tables]);
  await askDispatch(sql, source.projectId);
  await emitEvents(sql, source.projectId, [
    { name: 'resource:changed', payload: { kind: 'source', id: source.id, deleted: true } },
  ]);
};
