/** A source that never stops syncing starves nobody: each model of a chain is refreshed within its max wait. */
import type { Model } from '@freshet/contracts';
import { waitFor } from '@freshet/testing';
import { useFreshet } from './src/harness/use-freshet';
import { Workspace } from './src/harness/workspace';

const maxWait = 3_000;
/** Milliseconds from one sync's request to the next. */
const between = 100;
/** Times each model is to be refreshed meanwhile. */
const refreshes = 3;

describe('a chain of four models below a source that syncs every 100 ms', () => {
  const freshet = useFreshet({ env: { FRESHET_MAX_WAIT_MS: String(maxWait) } });
  const workspace = new Workspace(freshet);
  const chain: Model[] = [];
  let sourceId: string;
  let round = 0;
  let over = false;

  const publish = (): string => freshet.files.serve('/ticks.csv', `id,n\n1,${round++}\n`);
  const syncWithoutPause = async (): Promise<void> => {
    while (!over) {
      publish();
      const next = new Promise((resolve) => setTimeout(resolve, between));
      await freshet.api.call('startSync', { params: { id: sourceId }, body: {} });
      await next;
    }
  };

  beforeAll(async () => {
    sourceId = (await workspace.addFile('clock', publish(), { key: ['id'] })).id;
    for (const [name, from] of [
      ['first', 'clock.ticks'],
      ['second', 'first'],
      ['third', 'second'],
      ['fourth', 'third'],
    ])
      chain.push(await workspace.addModel({ name: name ?? '', sql: `SELECT id, n FROM ${from}` }));
  }, 60_000);
  it('is refreshed again and again at every depth, and none waits longer than its max wait', async () => {
    const syncing = syncWithoutPause();
    const since = new Date();
    const publications = async (): Promise<{ name: string; at: number[] }[]> => {
      const { rows } = await freshet.postgres.pool.query(
        `select m.name, coalesce(array_agg((extract(epoch from r.started_at) * 1000)::float8 order by r.id)
           filter (where r.started_at > $1 and r.published), '{}') as at
         from app.data_model m left join app.refresh r on r.model_id = m.id group by m.id order by m.id`,
        [since],
      );
      return rows as { name: string; at: number[] }[];
    };
    const all = await waitFor(
      async () => {
        const found = await publications();
        return found.every(({ at }) => at.length >= refreshes) && found;
      },
      { timeout: 60_000, what: `each model to be refreshed ${refreshes} times` },
    );
    over = true;
    await syncing;
    const longest = all.map(({ name, at }) => {
      const moments = [since.getTime(), ...at];
      const gaps = moments.slice(1).map((moment, place) => moment - (moments[place] ?? moment));
      return { name, longest: Math.max(...gaps) };
    });
    // The slots, and the dispatcher's own second, come on top of it.
    for (const each of longest) expect(each.longest).toBeLessThan(maxWait + 2_500);
    await expect(workspace.rows('SELECT n FROM fourth')).resolves.toEqual([[expect.anything()]]);
  }, 90_000);
});
