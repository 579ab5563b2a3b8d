/** Decides what a stream's table needs when the source's columns are no longer those of the table (spec SY12). */
import { type StreamColumn, widen } from './column-types';

export type SchemaChange = {
  /** The table's columns afterwards. A column that vanished upstream stays and is filled with nulls. */
  columns: StreamColumn[];
  /** The incoming columns in their own order with the table's types: what `loadSlice` is to be given. */
  load: StreamColumn[];
} & (
  | { kind: 'none' }
  | { kind: 'add'; added: StreamColumn[] }
  | { kind: 'rewrite'; added: StreamColumn[]; retyped: StreamColumn[] }
);

/**
 * `none`: load as it is. `add`: `addColumns` first. `rewrite`: a type became wider, so the next generation has to be built
 * (`rewriteStreamTable`), since a rewriting ALTER would show readers with an older snapshot an empty table.
 */
export const planSchemaChange = (
  current: readonly StreamColumn[],
  incoming: readonly StreamColumn[],
): SchemaChange => {
  const known = new Map(current.map((column) => [column.name, column]));
  const load = incoming.map((column) => {
    const now = known.get(column.name);
    return now ? { ...now, type: widen(now.type, column.type) } : column;
  });
  const target = new Map(load.map((column) => [column.name, column]));
  const added = load.filter((column) => !known.has(column.name));
  const retyped = load.filter(
    (column) => known.has(column.name) && known.get(column.name)?.type !== column.type,
  );
  const columns = [...current.map((column) => target.get(column.name) ?? column), ...added];
  if (retyped.length > 0) return { kind: 'rewrite', columns, load, added, retyped };
  if (added.length > 0) return { kind: 'add', columns, load, added };
  return { kind: 'none', columns, load };
};
