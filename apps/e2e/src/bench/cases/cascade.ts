/** From the end of a sync to its models' publishing, by the timestamps that the services leave in the database. */
import type { Bench, BenchCase } from '../bench';
import { percentile } from '../measure';

const models = 20;

interface Waits {
  /** Milliseconds from the sync's completion to the first refresh's begin. */
  begins: number[];
  /** To its being handed to the queue. */
  queued: number[];
  /** To the publishing of the last model. */
  last: number[];
}

const orders = (version: number): string => {
  const lines = Array.from(
    { length: 1_000 },
    (_, place) => `${place + 1},${place % 20},${place === version ? 7 : 5}.50`,
  );
  return `id,account,amount\n${lines.join('\n')}\n`;
};

const measure = async (bench: Bench): Promise<Waits> => {
  const freshet = await bench.freshet();
  const source = await freshet.addFile('orders', orders(0));
  for (let number = 1; number <= models; number++) {
    const sql = `SELECT account, count(*) AS orders, sum(amount) * ${number} AS amount FROM orders.orders GROUP BY account`;
    await freshet.addModel({ name: `small_${number}`, sql });
  }
  const waits: Waits = { begins: [], queued: [], last: [] };
  const rounds = 5 * bench.rounds;
  for (let round = 1; round <= rounds + 1; round++) {
    freshet.files.serve('/orders.csv', orders(round));
    const { runId, cascadeId } = await freshet.syncAndCascade(source.id);
    const found = await read(bench, runId, cascadeId);
    if (found.published !== models) throw new Error(`Published were ${found.published} models of ${models}.`);
    // The first warms caches and connections.
    if (round === 1) continue;
    waits.begins.push(found.begins);
    waits.queued.push(found.queued);
    waits.last.push(found.last);
  }
  return waits;
};

type Found = { begins: number; queued: number; last: number; published: number };

const read = async ({ pool }: Bench, runId: string, cascadeId: string): Promise<Found> => {
  const { rows } = await pool.query<Found>(
    `select (1000 * extract(epoch from min(i.started_at) - r.completed_at))::float8 as begins,
       (1000 * extract(epoch from min(i.queued_at) - r.completed_at))::float8 as queued,
       (1000 * extract(epoch from max(i.published_at) - r.completed_at))::float8 as last,
       count(*) filter (where i.state = 'published')::int as published
     from app.sync_run r, app.cascade_item i where r.id = $1 and i.cascade_id = $2 group by r.id`,
    [runId, cascadeId],
  );
  return rows[0] ?? { begins: Number.NaN, queued: Number.NaN, last: Number.NaN, published: 0 };
};

const waits = (bench: Bench): Promise<Waits> => bench.once('waits', () => measure(bench));

const told = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5).toFixed(0)} ms, longest ${Math.max(...values).toFixed(0)} ms of ${values.length} syncs`;

export const refreshBegins: BenchCase = {
  name: 'sync completed → first refresh begins, p95',
  goal: { atMost: 50, unit: 'ms' },
  run: async (bench) => {
    const { begins, queued } = await waits(bench);
    const dispatched = `dispatched after ${percentile(queued, 0.5).toFixed(0)} ms`;
    return { value: percentile(begins, 0.95), detail: `${dispatched}, ${told(begins)}` };
  },
};

export const lastPublished: BenchCase = {
  name: `sync completed → last of ${models} small models published, p95`,
  goal: { atMost: 1_000, unit: 'ms' },
  run: async (bench) => {
    const { last } = await waits(bench);
    return { value: percentile(last, 0.95), detail: told(last) };
  },
};
