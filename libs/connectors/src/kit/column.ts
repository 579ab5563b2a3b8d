/** The columns and cells in which connectors hand over rows; the warehouse knows the same type names. */

export type ColumnType = 'text' | 'bigint' | 'numeric' | 'double' | 'boolean' | 'date' | 'timestamp' | 'json';

export interface Column {
  /** Lower-case name as people write it in SQL; unique in its stream. */
  name: string;
  type: ColumnType;
}

/**
 * One value. `bigint`, `numeric` as decimal text (exact), `date` as `YYYY-MM-DD`, `timestamp` as ISO 8601 with `Z`,
 * `json` as JSON text, `boolean` as a boolean, `double` as a number or its text. Text never holds a NUL character.
 */
export type Cell = string | number | boolean | null;

/** Values in the order of the batch's columns, and exactly as many. */
export type Row = Cell[];

/** A row that could not be loaded (spec SY13). */
export interface Reject {
  /** Where a person finds it: CSV counts the header as row 1 as a spreadsheet does; NDJSON counts lines; JSON elements. */
  row: number;
  /** One sentence for a person. */
  reason: string;
  /** What was there, cut to a reasonable length. */
  raw: string;
}
