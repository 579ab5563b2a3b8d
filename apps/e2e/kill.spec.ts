/**
 * Services are killed (SIGKILL) at random moments of their work. After a restart every table equals its file and every
 * model equals its query, and nothing happened twice. A failing seed is repeated by putting it below.
 */
import { createHash } from 'node:crypto';
import { setTimeout as moment } from 'node:timers/promises';
import type { Model, Source } from '@freshet/contracts';
import { waitFor } from '@freshet/testing';
import { ordersFile, type Order } from './src/harness/orders-file';
import { pick, seeded } from './src/harness/random';
import { useFreshet } from './src/harness/use-freshet';
import { Workspace } from './src/harness/workspace';

const seed = 20_261_121;
const kills = 5;
const rows = 40_000;

describe(`services killed at random moments (seed ${seed})`, () => {
  const freshet = useFreshet({ env: { FRESHET_LEASE_MS: '3000' } });
  const workspace = new Workspace(freshet);
  const random = seeded(seed);
  const orders: Order[] = ordersFile.make(rows);
  const models: { model: Model; sql: string }[] = [];
  let source: Source;
  /** Milliseconds an undisturbed sync and cascade take here, so that the kills fall into them on any machine. */
  let syncTakes = 0;
  let cascadeTakes = 0;

  const publish = (): string => freshet.files.serve('/orders.csv', ordersFile.write(orders));

  /** Some rows change, some go, some come: at the least one of each. */
  const changeFile = (): void => {
    for (let n = 0; n < 50; n++) {
      const order = orders[pick(random, orders.length)];
      if (order) order.amount = `${pick(random, 9_000)}.${10 + pick(random, 90)}`;
    }
    orders.splice(pick(random, orders.length), 1 + pick(random, 20));
    const last = orders.at(-1)?.id ?? 0;
    for (let n = 1; n <= 1 + pick(random, 20); n++) {
      orders.push({ id: last + n, day: '2026-12-24', country: 'XX', amount: `${n}.50` });
    }
    publish();
  };

  const startSync = async (): Promise<string> =>
    (await freshet.api.call('startSync', { params: { id: source.id }, body: {} })).runId;

  const expectTableEqualsFile = async (): Promise<void> => {
    const digest = createHash('md5')
      .update(orders.map(({ id, day, country, amount }) => [id, day, country, amount].join()).join('\n'))
      .digest('hex');
    const query = `SELECT count(*), md5(string_agg(id || ',' || day || ',' || country || ',' || amount, E'\\n' ORDER BY id)) FROM shop.orders`;
    await expect(workspace.rows(query)).resolves.toEqual([[String(orders.length), digest]]);
  };

  const expectModelsEqualQueries = async (): Promise<void> => {
    for (const { model, sql } of models) {
      await workspace.untilQuiet(model.id, 90_000);
      const difference = `SELECT count(*) FROM ((TABLE ${model.name} EXCEPT ALL (${sql})) UNION ALL ((${sql}) EXCEPT ALL TABLE ${model.name})) d`;
      await expect(workspace.rows(difference)).resolves.toEqual([['0']]);
    }
  };

  const expectNothingTwice = async (): Promise<void> => {
    const { rows: doubled } = await freshet.postgres.pool.query(
      `select model_id, version from app.refresh where published group by 1, 2 having count(*) > 1`,
    );
    expect(doubled).toEqual([]);
    const { rows: balance } = await freshet.postgres.pool.query(
      `select sum(inserted - deleted)::int as rows from app.sync_run where source_id = $1 and status = 'completed'`,
      [source.id],
    );
    expect(balance).toEqual([{ rows: orders.length }]);
  };

  beforeAll(async () => {
    source = await workspace.addFile('shop', publish(), { key: ['id'] });
    const add = async (name: string, sql: string): Promise<void> => {
      models.push({ model: await workspace.addModel({ name, sql }), sql });
    };
    await add(
      'by_day',
      'SELECT day, sum(amount) AS revenue, count(*) AS orders FROM shop.orders GROUP BY day',
    );
    await add(
      'by_month',
      `SELECT date_trunc('month', day)::date AS month, sum(revenue) AS revenue FROM by_day GROUP BY 1`,
    );
    await add('by_country', 'SELECT country, max(amount) AS largest FROM shop.orders GROUP BY country');
    changeFile();
    const run = await workspace.sync(source.id);
    const { startedAt, completedAt } = await workspace.cascadeOf(run);
    syncTakes = run.durationMs ?? 0;
    cascadeTakes = Date.parse(completedAt ?? '') - Date.parse(startedAt);
  }, 120_000);

  it.each(Array.from({ length: kills }, (_, n) => n + 1))(
    'a sync killed midway is finished after the restart: kill %i',
    async () => {
      changeFile();
      const runId = await startSync();
      await moment(pick(random, syncTakes));
      await freshet.services.sync.kill('SIGKILL');
      await freshet.services.sync.restart();
      await expect(workspace.endOf(runId, 90_000)).resolves.toMatchObject({ status: 'completed' });
      await expectTableEqualsFile();
      await expectModelsEqualQueries();
      await expectNothingTwice();
    },
    180_000,
  );

  it.each(Array.from({ length: kills }, (_, n) => n + 1))(
    'a refresh killed midway is done again after the restart, and readers keep the last version until then: kill %i',
    async () => {
      changeFile();
      const runId = await startSync();
      await workspace.endOf(runId);
      await moment(pick(random, cascadeTakes));
      await freshet.services.refresh.kill('SIGKILL');
      await expect(workspace.rows('SELECT count(*) > 0 FROM by_month')).resolves.toEqual([[true]]);
      await freshet.services.refresh.restart();
      await expectTableEqualsFile();
      await expectModelsEqualQueries();
      await expectNothingTwice();
    },
    180_000,
  );

  it('really hit syncs and refreshes at work', async () => {
    const count = async (query: string): Promise<number> =>
      (await freshet.postgres.pool.query(query)).rows[0].n;
    expect(await count(`select count(*)::int as n from app.sync_run where attempt > 1`)).toBeGreaterThan(0);
    expect(
      await count(`select count(*)::int as n from app.refresh where error ->> 'code' = 'interrupted'`),
    ).toBeGreaterThan(0);
  });

  it('leaves no half-built version behind', async () => {
    await freshet.services.scheduler.restart();
    const { rows: known } = await freshet.postgres.pool.query(
      `select 'm_' || model_id || '_v' || version as name from app.model_version order by name`,
    );
    await expectTables(known.map(({ name }) => name as string));
  });

  /** The sweep at the scheduler's start does it; it is waited for by asking until the tables are those that are known. */
  const expectTables = async (names: string[]): Promise<void> => {
    const tables = async (): Promise<string[]> => {
      const { rows: found } = await freshet.postgres.pool.query(
        `select relname as name from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and relname like 'm\\_%' order by 1`,
        [`p_${freshet.projectId}`],
      );
      return found.map(({ name }) => name as string);
    };
    await waitFor(async () => JSON.stringify(await tables()) === JSON.stringify(names), {
      what: 'leftovers to be swept',
    });
  };
});
