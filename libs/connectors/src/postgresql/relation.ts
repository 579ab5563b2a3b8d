/** What a stream reads from, as SQL, under the alias `source`. */
import { escapeIdentifier } from 'pg';
import type { StreamConfig } from './postgresql-config';

/** `public.orders`, `orders`, `"odd.schema"."odd table"` → its parts; capitals count, as they do in quotes. */
const partsOf = (table: string): string[] =>
  [...table.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'),
  );

export const tableName = (table: string): string => partsOf(table).map(escapeIdentifier).join('.');

/** A query ends with a line break, as it may end with a comment. */
export const relation = ({ table, query = '' }: Pick<StreamConfig, 'table' | 'query'>): string =>
  table === undefined ? `(${query.replace(/[;\s]+$/, '')}\n) AS source` : `${tableName(table)} AS source`;

export const columnOf = (name: string): string => `source.${escapeIdentifier(name)}`;
