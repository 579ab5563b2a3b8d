/** How long readers wait while what they read is refreshed without pause, against a calm hour; open loop, so that waiting is not hidden. */
import { waitFor } from '@freshet/testing';
import { startBareServer } from '../bare-server';
import type { Bench, BenchCase } from '../bench';
import { byDay, facts } from '../facts';
import { load, openLoad, type SentRequest } from '../http-load';
import { percentile } from '../measure';

const share = 0.3;
const calibratesMs = 5_000;
const lastsMs = 15_000;
/** More than are ever needed at once, unless everything stands still for a third of a second. */
const readers = 64;

const view = 'watched_by_others';
const ask = (from: string): string =>
  `SELECT country, sum(amount) AS amount FROM ${from} WHERE day >= date '2026-06-01' GROUP BY country`;

interface Waits {
  /** Milliseconds of each read. */
  calm: number[];
  during: number[];
  refreshes: number;
  perSecond: number;
}

interface Both {
  ours: Waits;
  theirs: Waits;
}

const waits = (bench: Bench): Promise<Both> =>
  bench.once('readers', async () => ({
    ours: await waitsOfFreshet(bench),
    theirs: await waitsOfConcurrently(bench),
  }));

export const readersWait: BenchCase = {
  name: 'p99 of readers during refreshes against calm, open loop at 30 % load',
  goal: { atMost: 1.3, unit: '×' },
  run: async (bench) => {
    const { ours } = await waits(bench);
    return { value: growth(ours), detail: told(ours) };
  },
};

/** The goal above is a tenth more than what readers of CONCURRENTLY waited on another machine; so much more is the goal on this one. */
export const readersAgainstConcurrently: BenchCase = {
  name: 'the same growth against that of readers of a materialized view that is refreshed CONCURRENTLY',
  goal: { atMost: 1.1, unit: '×' },
  run: async (bench) => {
    const { ours, theirs } = await waits(bench);
    return {
      value: growth(ours) / growth(theirs),
      detail: `${growth(ours).toFixed(1)} × of ${growth(theirs).toFixed(1)} ×; theirs: ${told(theirs)}`,
    };
  },
};

const p99 = (times: number[]): number => percentile(times, 0.99);
const growth = ({ calm, during }: Waits): number => p99(during) / p99(calm);
const both = (times: number[]): string =>
  `${p99(times).toFixed(1)} ms (p50 ${percentile(times, 0.5).toFixed(1)})`;
const told = (waits: Waits): string =>
  `${both(waits.during)} during ${waits.refreshes} refreshes, ${both(waits.calm)} in calm, ${waits.perSecond.toFixed(0)} reads a second`;

const waitsOfFreshet = async (bench: Bench): Promise<Waits> => {
  const { freshet } = await facts(bench);
  const { id } = await freshet.addModel({ name: 'watched', sql: byDay('sales.sales') });
  const request: SentRequest = {
    port: Number(new URL(freshet.api.url).port),
    path: `/api/projects/${freshet.projectId}/query`,
    headers: { cookie: await freshet.signIn() },
    body: JSON.stringify({ sql: ask('watched'), fresh: true }),
  };
  // Looked for by the record's id: describing the model over the API, again and again, would be work that nobody asked for.
  const refresh = async (): Promise<void> => {
    const { refreshId } = await freshet.api.call('refreshModel', { params: { id }, body: {} });
    const isDone = async (): Promise<boolean> =>
      (
        await bench.pool.query('select from app.refresh where id = $1 and completed_at is not null', [
          refreshId,
        ])
      ).rowCount === 1;
    await waitFor(isDone, { timeout: 60_000, interval: 50, what: 'the refresh to complete' });
  };
  return measure(bench, request, refresh);
};

/** A bare server over a materialized view, which PostgreSQL refreshes without locking readers out. */
const waitsOfConcurrently = async (bench: Bench): Promise<Waits> => {
  const { table } = await facts(bench);
  await bench.pool.query(`create materialized view ${view} as ${byDay(table)}`);
  await bench.pool.query(`create unique index on ${view} (day, country, channel)`);
  await bench.pool.query(`vacuum (freeze, analyze) ${view}`);
  const server = await startBareServer({ bytes: '', query: ask(view), databaseUrl: bench.databaseUrl });
  const refresh = async (): Promise<void> => {
    await bench.pool.query(`refresh materialized view concurrently ${view}`);
  };
  try {
    return await measure(bench, { port: server.port, path: '/query', headers: {}, body: '' }, refresh);
  } finally {
    await server.close();
    await bench.pool.query(`drop materialized view ${view}`);
  }
};

const measure = async (bench: Bench, request: SentRequest, refresh: () => Promise<void>): Promise<Waits> => {
  const most = await load(request, { connections: 16, ms: calibratesMs });
  const asOne = { connections: readers, ms: lastsMs, perSecond: most.perSecond * share };
  const calm = await openLoad(request, asOne);
  const refreshing = withoutPause(bench, refresh);
  const during = await openLoad(request, asOne).finally(refreshing.stop);
  return { calm, during, refreshes: await refreshing.done, perSecond: asOne.perSecond };
};

const withoutPause = (
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
