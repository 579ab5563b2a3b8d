/** Runs one statement in a transaction that ends with it, and takes no more of its rows than asked for. */
import type { Client, FieldDef } from 'pg';

import { runBatchThen, type TextRow } from './statement-batch';

export interface Fetch {
  /** Statements that begin the transaction, or change it. */
  before: readonly string[];
  text: string;
  values: readonly unknown[];
  maxRows: number;
  /**
   * PostgreSQL gives a statement that is fetched in portions no parallel workers. A plan that wants them is therefore
   * fetched whole, and its connection broken off when there are too many rows.
   */
  parallel: boolean;
}

export interface FetchedRows {
  fields: FieldDef[];
  /** At most `maxRows`. */
  rows: TextRow[];
  /** There were more rows. */
  truncated: boolean;
}

export interface Fetching {
  fetched: Promise<FetchedRows>;
  /** Resolves when the session has forgotten what it did; rejects when that is still to be done, or the connection is gone. */
  reset: Promise<void>;
}

export const fetchRows = (client: Client, { before, text, values, maxRows, parallel }: Fetch): Fetching => {
  const found: FetchedRows = { fields: [], rows: [], truncated: false };
  const sink = {
    onColumns: (fields: FieldDef[]): void => void (found.fields = fields),
    onRow: (row: TextRow): void => {
      if (found.rows.length < maxRows) found.rows.push(row);
      else if (!found.truncated) {
        found.truncated = true;
        if (parallel) client.connection.stream.destroy();
      }
    },
  };
  const asked = { text, values, maxRows: parallel ? 0 : maxRows + 1 };
  const batch = { before, asked, after: ['ROLLBACK'] };
  // DISCARD ALL forgets whatever a query could have left in the session.
  const { done, last } = runBatchThen(client, batch, sink, 'DISCARD ALL');
  const fetched = done.then(
    () => found,
    async (error: unknown) => {
      if (found.truncated && parallel) return found;
      // What is sent next goes behind the answer to what was sent already.
      await last.catch(() => undefined);
      throw error;
    },
  );
  return { fetched, reset: last };
};
