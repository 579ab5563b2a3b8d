/** Looks at a query's columns before any work is done, and refuses what no version can hold. */
import { FreshetError } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { oneStatement } from './one-statement';
import { throwSqlError, type StatementContext } from './sql-errors';
import type { VersionColumn } from './version';

const prefix = 'SELECT * FROM (';

/**
 * The columns that `text` (one bound SELECT) gives, without running it. Throws `sql_failed` for an invalid query and for columns that no
 * table can have: two of one name, whole rows, and types that are none.
 */
export const preflightColumns = async (
  client: ClientBase,
  text: string,
  context: StatementContext = {},
): Promise<VersionColumn[]> => {
  // The closing bracket is on a line of its own, since the query may end in a comment.
  const query = oneStatement(`${prefix}${text}\n) q LIMIT 0`);
  const { fields } = await client
    .query(query)
    .catch((error: unknown) => throwSqlError(error, { ...context, offset: prefix.length }));
  refuseDuplicates(fields.map(({ name }) => name));
  const { rows } = await client.query<{ type: string; kind: string }>(
    `SELECT pg_catalog.format_type(f.oid, f.modifier) AS type, t.typtype AS kind
     FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS f(oid, modifier, place) JOIN pg_catalog.pg_type t ON t.oid = f.oid ORDER BY f.place`,
    [fields.map(({ dataTypeID }) => dataTypeID), fields.map(({ dataTypeModifier }) => dataTypeModifier)],
  );
  return fields.map(({ name }, index) => ({ name, type: possibleType(name, rows[index]) }));
};

const refuseDuplicates = (names: readonly string[]): void => {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === '?column?')
    throw new FreshetError(
      'sql_failed',
      'More than one column has no name. Give each a name: expression AS name.',
    );
  if (twice !== undefined) {
    throw new FreshetError(
      'sql_failed',
      `Two columns are named "${twice}". Give one of them another name: expression AS name.`,
    );
  }
};

/** `c` is a composite type (a whole row), `p` a pseudo-type such as record, unknown or void. */
const possibleType = (name: string, found: { type: string; kind: string } | undefined): string => {
  if (found?.kind === 'c' || found?.type === 'record') {
    throw new FreshetError(
      'sql_failed',
      `Column "${name}" holds a whole row. Select the row's columns one by one.`,
    );
  }
  if (!found || found.kind === 'p') {
    throw new FreshetError('sql_failed', `Column "${name}" has no type. Say which it is: expression::text.`);
  }
  return found.type;
};
