/** What PostgreSQL's own ways of renewing a result cost, beside a refresh: a swap of tables, and materialized views. */
import { projectSchema } from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import type { Bench, BenchCase } from '../bench';
import { byCustomer, facts } from '../facts';
import { interleave, median, ratio, seconds, spread, timed } from '../measure';

const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;

/** Seconds that a reader's query lasts while others publish. */
const readerLasts = 10;

interface Publishing {
  /** Milliseconds: the call that moves the pointer, over HTTP. */
  pointer: number[];
  /** Drop and rename, which waits for the reader. */
  rename: number[];
  errors: { pointer: number; rename: number };
}

/** Milliseconds from one read to the next of one reader: many readers, but no more than the machine can answer. */
const readerPauses = 10;

/** Four who ask again and again until told to stop; counts what failed. */
const readersOf = (read: () => Promise<unknown>) => {
  let over = false;
  let errors = 0;
  const running = Array.from({ length: 4 }, async () => {
    while (!over) {
      await read().catch(() => errors++);
      await new Promise((resolve) => setTimeout(resolve, readerPauses));
    }
  });
  return async (): Promise<number> => {
    over = true;
    await Promise.all(running);
    return errors;
  };
};

const whileReading = async <T>(bench: Bench, table: string, work: () => Promise<T>): Promise<T> =>
  bench.withClient(async (reader) => {
    const { rows } = await reader.query<{ pid: number }>('select pg_backend_pid() as pid');
    const reading = reader.query(`select count(*), pg_sleep(${readerLasts}) from ${table}`);
    await bench.withClient((watcher) => untilLocked(watcher, rows[0]?.pid ?? 0, table));
    try {
      return await work();
    } finally {
      await reading;
    }
  });

const untilLocked = async (watcher: PoolClient, pid: number, table: string): Promise<void> => {
  for (;;) {
    const { rowCount } = await watcher.query(
      `select from pg_locks where pid = $1 and relation = $2::regclass and granted`,
      [pid, table],
    );
    if (rowCount) return;
  }
};

const publishing = async (bench: Bench): Promise<Publishing> => {
  const { freshet, table: factTable } = await facts(bench);
  const schema = projectSchema(freshet.projectId);
  const model = await freshet.addModel({
    name: 'swapped',
    sql: byCustomer('sales.sales'),
    // As the readers ask for one customer; without it their scans are what takes the time.
    indexes: [{ columns: ['customer'], unique: true }],
    autoRefresh: false,
  });
  await bench.pool.query(`update ${factTable} set amount = amount + 1 where id = 7`);
  await freshet.refresh([model.id]);
  const params = { id: model.id };
  const { items } = await freshet.api.call('listModelVersions', { params });
  const kept = items.map(({ version }) => version);
  const found: Publishing = { pointer: [], rename: [], errors: { pointer: 0, rename: 0 } };

  const read = `select customer, amount from`;
  for (let round = 0; round < bench.rounds; round++) {
    const { version } = await freshet.api.call('getModel', { params });
    const other = kept.find((each) => each !== version) ?? 0;
    const stop = readersOf(() =>
      freshet.api.call('runQuery', {
        params: { projectId: freshet.projectId },
        body: { sql: `${read} swapped where customer = 5`, fresh: true },
      }),
    );
    const time = await whileReading(bench, `${schema}.m_${model.id}_v${version}`, () =>
      timed(() => freshet.api.call('rollbackModel', { params, body: { version: other } })),
    );
    found.pointer.push(time);
    found.errors.pointer += await stop();
  }

  await bench.pool.query(`create table ${schema}.swap as ${byCustomer(factTable)}`);
  await bench.pool.query(`create unique index on ${schema}.swap (customer)`);
  for (let round = 0; round < bench.rounds; round++) {
    await bench.pool.query(`create table ${schema}.swap_next as table ${schema}.swap`);
    await bench.pool.query(`create unique index on ${schema}.swap_next (customer)`);
    const stop = readersOf(() => bench.pool.query(`${read} ${schema}.swap where customer = 5`));
    const time = await whileReading(bench, `${schema}.swap`, () =>
      timed(() =>
        bench.pool.query(
          `begin; drop table ${schema}.swap; alter table ${schema}.swap_next rename to swap; commit`,
        ),
      ),
    );
    found.rename.push(time);
    found.errors.rename += await stop();
  }
  await bench.pool.query(`drop table ${schema}.swap`);
  return found;
};

export const publish: BenchCase = {
  name: 'publish while a reader holds a 10 s query: drop and rename against the pointer',
  goal: { atLeast: 100, unit: '×' },
  run: async (bench) => {
    const { pointer, rename, errors } = await publishing(bench);
    if (errors.pointer) throw new Error(`${errors.pointer} readers met an error while the pointer moved.`);
    return {
      value: ratio(rename, pointer),
      detail: `pointer ${milliseconds(median(pointer))} over HTTP, 0 reader errors; drop and rename ${seconds(median(rename))}, ${errors.rename} reader errors`,
    };
  },
};

/** Both views have the unique index that CONCURRENTLY asks for. */
export const concurrently: BenchCase = {
  name: 'REFRESH MATERIALIZED VIEW CONCURRENTLY against a whole refresh of the same result',
  goal: { atLeast: 4, unit: '×' },
  run: async (bench) => {
    const { freshet, table } = await facts(bench);
    const view = `${projectSchema(freshet.projectId)}.rival`;
    const indexes = [{ columns: ['customer'], unique: true }];
    const { id } = await freshet.addModel({
      name: 'rivalled',
      sql: byCustomer('sales.sales'),
      indexes,
      autoRefresh: false,
    });
    await bench.pool.query(`create materialized view ${view} as ${byCustomer(table)}`);
    await bench.pool.query(`create unique index on ${view} (customer)`);
    const change = async (round: number): Promise<void> => {
      await bench.pool.query(`update ${table} set amount = amount + 1 where id = $1`, [round + 10]);
      await bench.pool.query('checkpoint');
    };
    const { refresh, plain, atOnce } = await interleave(
      {
        refresh: async (round) => {
          await change(round);
          return timed(() => freshet.refresh([id]));
        },
        plain: async (round) => {
          await change(round);
          return timed(() => bench.pool.query(`refresh materialized view ${view}`));
        },
        atOnce: async (round) => {
          await change(round);
          return timed(() => bench.pool.query(`refresh materialized view concurrently ${view}`));
        },
      },
      { rounds: bench.rounds, warmUps: 0 },
    );
    await bench.pool.query(`drop materialized view ${view}`);
    return {
      value: ratio(atOnce, refresh),
      detail: `refresh ${seconds(median(refresh))}, CONCURRENTLY ${seconds(median(atOnce))} (rounds ${spread(atOnce, refresh)}), REFRESH, which locks readers out, ${seconds(median(plain))}`,
    };
  },
};
