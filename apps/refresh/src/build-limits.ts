/** How long one statement of a build may take: the product's limit, or the project's own when that is less (spec RF10). */
import { defaults } from '@freshet/contracts';
import type { Builder } from '@freshet/warehouse';

export interface BuildLimits {
  /** For each statement, in milliseconds. */
  statementTimeoutMs: number;
  /** Aborting it cancels what runs in the database. */
  signal: AbortSignal;
}

const perModel = defaults.statementTimeout.model;

/**
 * In milliseconds. A project's own limits are settings of its build login (`ALTER ROLE f_…_<project>_build SET statement_timeout`), as are
 * those of memory and temporary files, which PostgreSQL holds it to by itself. To be called first: a build sets the session's limit.
 */
export const statementTimeoutOf = async (builder: Builder): Promise<number> => {
  const { rows } = await builder.query<{ ms: number }>(
    `SELECT (1000 * extract(epoch FROM pg_catalog.current_setting('statement_timeout')::interval))::float8 AS ms`,
  );
  const perProject = rows[0]?.ms ?? 0;
  return perProject > 0 ? Math.min(perProject, perModel) : perModel;
};
