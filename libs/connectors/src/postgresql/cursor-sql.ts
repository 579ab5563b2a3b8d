/** The SQL that opens a stream's cursor. Pure. */
import type { SourceColumn } from './columns';
import type { Start } from './position';
import type { StreamConfig } from './postgresql-config';
import { columnOf, relation } from './relation';

/** Rows after one row, or from a cursor on; `order` is the cursor and then the key. */
const conditionOf = (order: readonly string[], start: Start): { condition: string; values: string[] } => {
  if (start === 'beginning') return { condition: `${order[0]} IS NOT NULL`, values: [] };
  if ('from' in start) return { condition: `${order[0]} >= $1`, values: [start.from] };
  const places = start.after.map((_, at) => `$${at + 1}`);
  return { condition: `(${order.join(', ')}) > (${places.join(', ')})`, values: [...start.after] };
};

/**
 * A cursor in SQL, called `freshet`, since each FETCH is a statement with its own time limit; that of a cursor in the protocol would run on
 * while we load. Its rows are those of the columns, then the texts of the stream's cursor and key.
 */
export const cursorSql = (
  stream: StreamConfig,
  columns: readonly SourceColumn[],
  start: Start,
): { text: string; values: string[] } => {
  const order = stream.cursor === undefined ? [] : [stream.cursor, ...stream.key].map(columnOf);
  const select = [...columns.map(({ expression }) => expression), ...order].join(', ');
  const text = `DECLARE freshet NO SCROLL CURSOR FOR SELECT ${select} FROM ${relation(stream)}`;
  if (order.length === 0) return { text, values: [] };
  const { condition, values } = conditionOf(order, start);
  return { text: `${text} WHERE ${condition} ORDER BY ${order.join(', ')}`, values };
};
