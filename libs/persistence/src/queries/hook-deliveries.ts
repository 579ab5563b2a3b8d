/** What a vendor sent by itself and no run has loaded yet. */
import type { Column } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface WaitingDelivery {
  id: string;
  columns: Column[];
  rows: unknown[][];
}

const next = /* sql */ `
select h.id, h.columns, h.rows from app.hook_delivery h
where h.source_id = $1 and h.stream = $2 and h.id > $3 order by h.id limit 100`;

/** In the order in which they came. */
export const listDeliveries = (
  sql: Sql,
  sourceId: string,
  stream: string,
  after: string,
): Promise<WaitingDelivery[]> =>
  sql.rows<WaitingDelivery & Record<string, unknown>>(next, [sourceId, stream, after]);

/** In the transaction that loads them. */
export const forgetDeliveries = async (sql: Sql, ids: readonly string[]): Promise<void> => {
  await sql.rows('delete from app.hook_delivery where id = any($1::bigint[])', [ids]);
};
