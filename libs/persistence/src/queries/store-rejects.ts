/** Keeps the rows that could not be loaded, with the reason, for the person who has to mend them (spec SY13). */
import type { Sql } from '../sql';

export interface RejectedRow {
  row: number;
  reason: string;
  raw: string;
}

const query = /* sql */ `
insert into app.sync_reject (organization_id, run_id, stream_id, row_number, reason, raw)
select r.organization_id, r.id, $2, e.row, e.reason, left(e.raw, 2000)
from app.sync_run r, jsonb_to_recordset($3::jsonb) as e(row bigint, reason text, raw text)
where r.id = $1`;

export const storeRejects = async (
  sql: Sql,
  runId: string,
  streamId: string,
  rows: readonly RejectedRow[],
): Promise<void> => {
  if (rows.length) await sql.rows(query, [runId, streamId, JSON.stringify(rows)]);
};
