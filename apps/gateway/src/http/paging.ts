/** Keyset paging by id: the cursor is the id of the last item, whichever way the list runs. */
import { FreshetError, type PageQuery } from '@freshet/contracts';
import { isId } from './id-param';

/** The id after which the page begins; null for the first page. Throws `invalid_input` for a cursor that no list gave out. */
export function cursorOf({ after }: PageQuery): string | null {
  if (after === undefined || after === '') return null;
  if (isId(after)) return after;
  throw new FreshetError('invalid_input', '`after` takes the `nextCursor` of the page before.', {
    errors: [{ path: 'after', message: 'Give the nextCursor of the page before.' }],
  });
}

/** A page of rows that were read with one more than the limit, so that it is known whether another follows. */
export function pageOf<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  return { items: kept.map(present), nextCursor: rows.length > limit ? (kept.at(-1)?.id ?? null) : null };
}

/** A list that is short by its nature, whole. */
export const wholePage = <Item>(items: Item[]): { items: Item[]; nextCursor: null } => ({
  items,
  nextCursor: null,
});
