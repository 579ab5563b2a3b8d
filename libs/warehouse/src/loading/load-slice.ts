/** Brings one slice of rows into a stream's table inside the caller's transaction and counts truly what it changed (spec SY3). */
import type { ClientBase } from 'pg';
import { lockStreamTable } from './stream-table';
import type { Slice, SliceResult } from './slice';
import { copyRows } from './copy-rows';
import { qualifiedStreamTable } from './stream-table';

export const loadSlice = async (client: ClientBase, slice: Slice): Promise<SliceResult> => {
  await lockStreamTable(client, slice.table.streamId);
  const { received, copied, rejects } = await copyRows(client, qualifiedStreamTable(slice.table), slice);
  return { received, inserted: copied, updated: 0, unchanged: 0, deleted: 0, rejected: rejects.count, superseded: 0, changed: copied > 0, rejects: rejects.rows };
};
