/** How long readers wait while what they read is refreshed without pause, against a calm hour; open loop, so that waiting is not hidden. */
import type { Bench, BenchCase } from '../bench';
import { byDay, facts } from '../facts';
import { percentile } from '../measure';

const share = 0.3;
const lasts = 15_000;
const atOnce = 16;

export const readersWait: BenchCase = {
  name: 'p99 of readers during refreshes against calm, open loop at 30 % load',
  goal: { atMost: 1.3, unit: '×' },
  run: async (bench) => {
    const { freshet } = await facts(bench);
    const { id } = await freshet.addModel({ name: 'watched', sql: byDay('sales.sales') });
    const sql = `SELECT country, sum(amount) AS amount FROM watched WHERE day >= date '2026-06-01' GROUP BY country`;
    const read = async (): Promise<void> => {
      const body = { sql, fresh: true };
      await freshet.api.call('runQuery', { params: { projectId: freshet.projectId }, body });
    };
    const most = await ratePerSecond(read);
    const rate = most * share;
    await openLoop(read, rate);
    const calm = await openLoop(read, rate);
    const refreshing = refreshWithoutPause(bench, () => freshet.refresh([id]));
    const busy = await openLoop(read, rate).finally(refreshing.stop);
    const refreshes = await refreshing.done;
    const [before, during] = [percentile(calm, 0.99), percentile(busy, 0.99)];
    return {
      value: during / before,
      detail: `${during.toFixed(1)} ms (p50 ${percentile(busy, 0.5).toFixed(1)}) during ${refreshes} refreshes, ${before.toFixed(1)} ms (p50 ${percentile(calm, 0.5).toFixed(1)}) in calm; ${rate.toFixed(0)} reads a second of ${most.toFixed(0)} possible`,
    };
  },
};

/** As many as `atOnce` readers get answered who never pause. */
const ratePerSecond = async (read: () => Promise<void>): Promise<number> => {
  const end = performance.now() + 5_000;
  let count = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (; performance.now() < end; count++) await read();
    }),
  );
  return count / 5;
};

/** Begins a read at its time whatever became of those before. @returns milliseconds from the time it was due to its answer */
const openLoop = async (read: () => Promise<void>, rate: number): Promise<number[]> => {
  const begin = performance.now();
  const reads: Promise<number>[] = [];
  for (let place = 0; (place * 1_000) / rate < lasts; place++) {
    const due = begin + (place * 1_000) / rate;
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    reads.push(read().then(() => performance.now() - due));
  }
  return Promise.all(reads);
};

const refreshWithoutPause = (
  bench: Bench,
  refresh: () => Promise<void>,
): { stop: () => void; done: Promise<number> } => {
  let over = false;
  const go = async (): Promise<number> => {
    const { table } = await facts(bench);
    let count = 0;
    for (; !over; count++) {
      await bench.pool.query(`update ${table} set amount = amount + 1 where id = $1`, [count + 30]);
      await refresh();
    }
    return count;
  };
  return { stop: () => void (over = true), done: go() };
};
