/** Rows of a sync run that could not be loaded, in the order in which they were found. */
import type { Sql } from '../sql';

export interface RejectRow {
  id: string;
  stream: string;
  row: number;
  reason: string;
  raw: string;
}

const query = /* sql */ `
select j.id::text, s.name as stream, j.row_number::float8 as row, j.reason, j.raw
from app.sync_reject j join app.stream s on s.id = j.stream_id
where j.run_id = $1 and ($2::bigint is null or j.id > $2)
order by j.id limit $3`;

export const listRejects = (
  sql: Sql,
  runId: string,
  after: string | null,
  limit: number,
): Promise<RejectRow[]> => sql.rows<RejectRow & Record<string, unknown>>(query, [runId, after, limit]);
