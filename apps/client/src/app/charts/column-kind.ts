/** What kind of values a result column holds, from its PostgreSQL type name in either spelling (`int8`, `bigint`). */

export type ColumnKind = 'integer' | 'decimal' | 'date' | 'time' | 'boolean' | 'json' | 'text';

const kinds: readonly (readonly [RegExp, ColumnKind])[] = [
  [/\[\]$|^_|^array$/, 'json'],
  [/^(int|int2|int4|int8|smallint|integer|bigint|serial|bigserial|oid)$/, 'integer'],
  [/^(numeric|decimal|float4|float8|real|double precision|money)/, 'decimal'],
  [/^date$/, 'date'],
  [/^timestamp/, 'time'],
  [/^bool/, 'boolean'],
  [/^jsonb?$/, 'json'],
];

export const columnKind = (type: string): ColumnKind =>
  kinds.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? 'text';

export const isNumeric = (kind: ColumnKind): boolean => kind === 'integer' || kind === 'decimal';
export const isTemporal = (kind: ColumnKind): boolean => kind === 'date' || kind === 'time';
