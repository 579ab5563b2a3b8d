/** Runs the benchmarks, in an order in which none disturbs the next: without services first, on large tables last. */
import pg from 'pg';
import { isMet, type Bench, type BenchCase, type Measured } from './bench';
import { lastPublished, refreshBegins } from './cases/cascade';
import { cachedChart, uncachedChart } from './cases/chart';
import { connectorsLoading, connectorsMemory, connectorsResync } from './cases/connectors';
import { crowd } from './cases/crowd';
import { cachedDashboard, uncachedDashboard } from './cases/dashboard';
import { dispatch } from './cases/dispatch';
import { loadNewTable, loadUsedTable, resync } from './cases/load';
import { refreshLarge, refreshSummary } from './cases/refresh';
import { readersAgainstConcurrently, readersWait } from './cases/readers';
import { repaint } from './cases/repaint';
import { concurrently, publish } from './cases/rivals';
import { threeSteps } from './cases/steps';
import { Freshet } from './freshet';

export const cases = {
  load: loadNewTable,
  'load-used': loadUsedTable,
  resync,
  dispatch,
  begins: refreshBegins,
  published: lastPublished,
  refresh: refreshLarge,
  summary: refreshSummary,
  dashboard: uncachedDashboard,
  'dashboard-cached': cachedDashboard,
  chart: uncachedChart,
  'chart-cached': cachedChart,
  repaint,
  publish,
  concurrently,
  steps: threeSteps,
  readers: readersWait,
  'readers-rival': readersAgainstConcurrently,
  crowd,
  connectors: connectorsLoading,
  'connectors-memory': connectorsMemory,
  'connectors-resync': connectorsResync,
} satisfies Record<string, BenchCase>;

export type CaseName = keyof typeof cases;

/** What `npm run bench` gives: servers that only this run uses. */
export interface Surroundings {
  databaseUrl: string;
  masterKey: string;
  rows: number;
  rounds: number;
  only: CaseName[];
  /** @returns the gateway's address */
  startServices(): Promise<string>;
  /** Tells of a case before and after it. */
  announce(name: string): void;
  tell(outcome: Outcome): void;
}

export type Outcome = { case: string; name: string; goal: BenchCase['goal'] } & (
  (Measured & { met: boolean }) | { error: string }
);

export const runBench = async (surroundings: Surroundings): Promise<Outcome[]> => {
  const { databaseUrl, masterKey, rows, rounds, only } = surroundings;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
  pool.on('error', () => undefined);
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const found = (known.get(name) as Promise<T> | undefined) ?? work();
    known.set(name, found);
    return found;
  };
  let freshet: Freshet | undefined;
  const bench: Bench = {
    rows,
    rounds,
    databaseUrl,
    masterKey,
    pool,
    once,
    freshet: () =>
      once('freshet', async () => (freshet = await Freshet.begin(await surroundings.startServices()))),
    withClient: async (work) => {
      const client = await pool.connect();
      return work(client).finally(() => client.release());
    },
  };
  try {
    const outcomes: Outcome[] = [];
    for (const [name, each] of Object.entries(cases)) {
      if (only.length && !only.includes(name as CaseName)) continue;
      surroundings.announce(each.name);
      const outcome = { case: name, name: each.name, goal: each.goal, ...(await attempt(each, bench)) };
      surroundings.tell(outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await freshet?.close();
    await pool.end();
  }
};

/** One case's failure costs no other its measurement. */
const attempt = async (
  each: BenchCase,
  bench: Bench,
): Promise<(Measured & { met: boolean }) | { error: string }> => {
  try {
    const measured = await each.run(bench);
    return { ...measured, met: isMet(each.goal, measured.value) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
};
