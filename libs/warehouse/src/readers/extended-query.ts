/** Statements by the extended protocol, which runs one only, and without anybody's type parsers. */
import type { CustomTypesConfig, QueryArrayConfig } from 'pg';

/** Leaves every value as PostgreSQL wrote it. */
export const textOnly: CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/** A query for `client.query` whose rows are arrays of texts. Without `queryMode`, one without values may hold several statements. */
export const extendedQuery = (
  text: string,
  values: readonly unknown[],
): QueryArrayConfig & { queryMode: 'extended' } => ({
  text,
  values: [...values],
  queryMode: 'extended',
  rowMode: 'array',
  types: textOnly,
});
