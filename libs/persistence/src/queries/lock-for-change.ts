/** Lets one change of a resource go on at a time, so that a checked revision is still the current one when it is written. */
import type { Sql } from '../sql';

/**
 * In a transaction, before the row is read. Weaker than `for update`, which also waits for everybody who stores rows that
 * refer to this one: the dispatcher does, and then wants rows that the change has locked.
 */
export const lockForChange = async (
  sql: Sql,
  table: 'project' | 'data_source' | 'data_model' | 'dashboard',
  id: string,
): Promise<void> => {
  await sql.rows(`select from app.${table} where id = $1 for no key update`, [id]);
};
