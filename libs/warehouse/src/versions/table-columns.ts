/** The columns of a table that is there, in their order. */
import type { ClientBase } from 'pg';
import type { VersionColumn } from './version';

/** @param table quoted and qualified, see `qualifiedVersion` */
export const tableColumns = async (client: ClientBase, table: string): Promise<VersionColumn[]> => {
  const { rows } = await client.query<VersionColumn>(
    `SELECT attname AS name, pg_catalog.format_type(atttypid, atttypmod) AS type FROM pg_catalog.pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows;
};
