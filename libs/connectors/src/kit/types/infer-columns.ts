/** Column types from sampled rows. */
import type { Column, ColumnType } from '../column';
import type { RawRow } from './raw-value';
import { typeOf, widest } from './type-of';

/**
 * The narrowest types that hold every sampled value; the order of rows does not matter. A column of blanks alone is text.
 * `untyped` as in `typeOf`.
 */
export const inferColumns = (
  names: readonly string[],
  sample: readonly RawRow[],
  untyped: boolean,
): Column[] =>
  names.map((name, index) => {
    const type = sample.reduce<ColumnType | null>(
      (found, row) => widest(found, typeOf(row[index] ?? null, untyped)),
      null,
    );
    return { name, type: type ?? 'text' };
  });
