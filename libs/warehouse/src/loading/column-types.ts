/** The column types a stream may have, what they are in PostgreSQL, and how two of them meet. */

export const columnTypes = [
  'text',
  'bigint',
  'numeric',
  'double',
  'boolean',
  'date',
  'timestamp',
  'json',
] as const;
export type ColumnType = (typeof columnTypes)[number];

export interface StreamColumn {
  /** 1 to 63 bytes, unique within the stream, as people write it in SQL. */
  name: string;
  type: ColumnType;
  /** Whether the source says that it may be empty. Shown to people; only key columns are enforced. */
  nullable?: boolean;
}

/** Our type → PostgreSQL's. `numeric` has no precision, so money stays as exact as it came. */
export const postgresTypes: Record<ColumnType, string> = {
  text: 'text',
  bigint: 'bigint',
  numeric: 'numeric',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp with time zone',
  json: 'jsonb',
};

/** Types that hold every value of the one on the left exactly; `text` holds all and is left out. A double holds no 64-bit id exactly. */
const wider: Partial<Record<ColumnType, readonly ColumnType[]>> = {
  bigint: ['numeric'],
  double: ['numeric'],
  date: ['timestamp'],
};

/** The narrowest type that holds all values of both without loss: bigint → numeric → text, date → timestamp → text. Symmetric. */
export const widen = (a: ColumnType, b: ColumnType): ColumnType => {
  if (a === b || wider[b]?.includes(a)) return a;
  if (wider[a]?.includes(b)) return b;
  return wider[a]?.find((type) => wider[b]?.includes(type)) ?? 'text';
};
