/** When everything that was asked for is done, or says why it waits for a person. */
import type { Model } from '@freshet/contracts';
import { waitFor } from '@freshet/testing';
import type { Pool } from 'pg';
import type { LiveProject } from './set-up';

export interface RestParts {
  pool: Pool;
  projects: readonly LiveProject[];
  /** Milliseconds. */
  bound: number;
  /** Milliseconds for which nothing may move. */
  quietFor: number;
}

/** Refreshes and syncs that wait or run. */
export const openWork = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(
    `select (select count(*) from app.refresh where status in ('QUEUED', 'RUNNING'))::int
          + (select count(*) from app.sync_run where status in ('queued', 'running', 'waiting'))::int as n`,
  );
  return rows[0]?.n ?? 0;
};

export const modelsOf = async ({ id, calls }: LiveProject): Promise<Model[]> =>
  (await calls.call('listModels', { params: { projectId: id }, query: { limit: 200 } })).items;

/** Waits until nothing moves any more; throws what still does when the bound has passed. */
export const untilQuiet = async ({ pool, projects, bound, quietFor }: RestParts): Promise<void> => {
  let last = '';
  let since = Date.now();
  await waitFor(
    async () => {
      const models = (await Promise.all(projects.map(modelsOf))).flat();
      const state = models.map(({ id, version, owed, activeRefreshId }) => [
        id,
        version,
        owed,
        activeRefreshId,
      ]);
      const { rows } = await pool.query(
        `select max(id) as refresh, (select max(id) from app.sync_run) as run from app.refresh`,
      );
      const now = JSON.stringify([state, rows]);
      if (now !== last || (await openWork(pool)) > 0) since = Date.now();
      last = now;
      return Date.now() - since >= quietFor;
    },
    { timeout: bound, interval: 300, what: 'everything to come to rest' },
  ).catch((error: Error) => {
    throw new Error(`${error.message}. Last seen: ${last}`);
  });
};

/** Waits until no model is owed and nothing runs; throws which are when the bound has passed. */
export const untilUpToDate = async ({ pool, projects, bound }: RestParts): Promise<void> => {
  let behind: string[] = [];
  await waitFor(
    async () => {
      const models = (await Promise.all(projects.map(modelsOf))).flat();
      behind = models
        .filter(
          ({ owed, activeRefreshId, candidateVersion }) =>
            owed || activeRefreshId !== null || candidateVersion !== null,
        )
        .map(({ id, name, status, why }) => `${name} (${id}, ${status}): ${why}`);
      return behind.length === 0 && (await openWork(pool)) === 0;
    },
    { timeout: bound, interval: 200, what: 'all models to be up to date' },
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${behind.join('; ')}`);
  });
};
