/** Runs one statement by the extended protocol and takes no more of its rows than asked for. */
import type { Client, FieldDef } from 'pg';
import Cursor from 'pg-cursor';

import { textOnly } from './extended-query';

export interface Fetch {
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
  /** PostgreSQL's text of each value, at most `maxRows` rows. */
  rows: (string | null)[][];
  /** There were more rows. */
  truncated: boolean;
  /** The connection is of no more use. */
  broken: boolean;
}

export const fetchRows = async (
  client: Client,
  { text, values, maxRows, parallel }: Fetch,
): Promise<FetchedRows> => {
  const cursor = client.query(
    new Cursor<(string | null)[]>(text, [...values], { rowMode: 'array', types: textOnly }),
  );
  const rows: (string | null)[][] = [];
  let fields: FieldDef[] = [];
  let broken = false;
  cursor.on('row', (row: (string | null)[], result: { fields: FieldDef[] }) => {
    if (rows.length < maxRows) rows.push(row);
    else if (parallel && !broken) {
      fields = result.fields;
      broken = true;
      client.connection.stream.destroy();
    }
  });
  const run = async (): Promise<FetchedRows> => {
    const fetched = await read(cursor, parallel ? 0 : maxRows + 1);
    await cursor.close();
    return { fields: fetched.fields, rows, truncated: fetched.count > maxRows, broken: false };
  };
  const closing = whenClosed(client);
  try {
    return await Promise.race([run(), closing.promise]);
  } catch (error) {
    if (broken) return { fields, rows, truncated: true, broken };
    throw error;
  } finally {
    closing.forget();
  }
};

const read = (
  cursor: Cursor<(string | null)[]>,
  count: number,
): Promise<{ fields: FieldDef[]; count: number }> =>
  new Promise((resolve, reject) => {
    cursor.read(count, (error, rows, result) =>
      error ? reject(error) : resolve({ fields: result.fields, count: rows.length }),
    );
  });

/** A cursor doesn't tell of a connection that ends between its last row and the server's next word. */
const whenClosed = (client: Client): { promise: Promise<never>; forget(): void } => {
  const { stream } = client.connection;
  const { promise, reject } = Promise.withResolvers<never>();
  const closed = (): void => reject(new Error('The connection was closed.'));
  stream.once('close', closed);
  return { promise, forget: () => void stream.off('close', closed) };
};
