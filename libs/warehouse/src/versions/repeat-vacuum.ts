/** Finishes what a build's VACUUM could not: under an older snapshot it leaves pages that index-only scans then have to read. */
import type { ClientBase } from 'pg';
import { qualifiedVersion } from './version';

export interface RepeatVacuum {
  projectId: string;
  /** Those that readers use; versions nobody reads are not worth it. */
  versions: readonly { modelId: string; version: number }[];
}

/** Below this share of pages that are known to be visible to all, it is done again. */
const enough = 0.9;

/**
 * `VACUUM (FREEZE, ANALYZE)` for each of these versions that needs it, one after the other; a table that somebody locks is left for the next
 * time. Answers those that were vacuumed and have enough now. `client` is in no transaction and may maintain the tables, as the system's
 * login may.
 */
export const repeatVacuum = async (
  client: ClientBase,
  { projectId, versions }: RepeatVacuum,
): Promise<{ modelId: string; version: number }[]> => {
  const done: { modelId: string; version: number }[] = [];
  for (const version of versions) {
    const table = qualifiedVersion({ projectId, ...version });
    if (!(await isBehind(client, table))) continue;
    await client
      .query(`VACUUM (FREEZE, ANALYZE, SKIP_LOCKED, TRUNCATE OFF, SKIP_DATABASE_STATS) ${table}`)
      .catch(unlessGone);
    if (!(await isBehind(client, table))) done.push(version);
  }
  return done;
};

/** False also for a table that is gone. */
const isBehind = async (client: ClientBase, table: string): Promise<boolean> => {
  const { rows } = await client.query<{ behind: boolean }>(
    `SELECT relallvisible < $2::float8 * relpages AS behind FROM pg_catalog.pg_class WHERE oid = to_regclass($1)`,
    [table, enough],
  );
  return rows[0]?.behind ?? false;
};

/** Swept since it was looked at. */
const unlessGone = (error: unknown): void => {
  if ((error as { code?: string }).code !== '42P01') throw error;
};
