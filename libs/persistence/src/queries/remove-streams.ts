/** Takes streams away from a source that stays, or forgets what was archived of them. */
import type { Sql } from '../sql';
import { askDispatch } from './emit-events';

export interface RemovedStreams {
  projectId: string;
  organizationId: string;
  ids: readonly string[];
  /** Physical names of their present tables: they stay a while for those who still read them. */
  tables: readonly string[];
}

const mark = `update app.stream set deleted_at = clock_timestamp(), enabled = false where id = any($1) and deleted_at is null`;
const retire = `insert into app.retired_table (organization_id, project_id, table_name) select $1, $2, unnest($3::text[])`;

/** In a transaction. */
export const removeStreams = async (sql: Sql, removed: RemovedStreams): Promise<void> => {
  await forgetPagesOf(sql, removed.ids);
  await sql.rows(mark, [removed.ids]);
  await sql.rows(retire, [removed.organizationId, removed.projectId, removed.tables]);
  await askDispatch(sql, removed.projectId);
};

/** Answers to a question that is asked no more. */
export const forgetPagesOf = async (sql: Sql, streamIds: readonly string[]): Promise<void> => {
  await sql.rows('delete from app.raw_page where stream_id = any($1)', [streamIds]);
};
