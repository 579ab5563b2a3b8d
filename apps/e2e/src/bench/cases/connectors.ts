/** Each connector's whole way, from its vendor's stand-in to the table: rows a second, time in the database, memory, WAL of nothing new. */
import { closeTestRun, openTestRun, sweepAbandonedRuns } from '@freshet/testing';
import { Installation } from '../../connectors/installation';
import { Surroundings, type Trial } from '../../connectors/trial';
import { trials } from '../../connectors/trials';
import type { Bench, BenchCase } from '../bench';
import { largeDatabase, largeReports } from './connectors-large';
import { measureTrial, type SyncMeasured, type TrialMeasured } from './connectors-measure';

/** Days of each connector's first sync; what is large has fewer of them. */
const days = 90;
const largeDays = 3;

const inInstallation = async (
  started: readonly Trial[],
  work: (at: Installation) => Promise<TrialMeasured[]>,
): Promise<TrialMeasured[]> => {
  const at = await Installation.start(Object.assign({}, ...started.map(({ env }) => env)));
  try {
    return await work(at);
  } finally {
    await at.close();
    await Promise.all(started.map((trial) => trial.close()));
  }
};

/** Servers of their own, swept even when the run is killed. */
const inFolder = async <T>(work: (surroundings: Surroundings) => Promise<T>): Promise<T> => {
  await sweepAbandonedRuns();
  const folder = openTestRun();
  const surroundings = new Surroundings(new Date(), false);
  try {
    return await work(surroundings);
  } finally {
    await surroundings.close();
    await closeTestRun(folder);
  }
};

const usual = (bench: Bench): Promise<TrialMeasured[]> =>
  bench.once('connectors', () =>
    inFolder(async (surroundings) => {
      const started: Trial[] = [];
      for (const start of Object.values(trials)) started.push(await start(surroundings));
      return inInstallation(started, async (at) => {
        const measured: TrialMeasured[] = [];
        for (const trial of started) measured.push(await measureTrial(at, trial, days));
        return measured;
      });
    }),
  );

const large = (bench: Bench): Promise<TrialMeasured[]> =>
  bench.once('large sources', () =>
    inFolder(async (surroundings) => {
      const reports = await largeReports(surroundings, bench.rows / 20);
      return inInstallation([reports], async (at) => {
        // What is counted is what syncs write; when PostgreSQL cleans up, and what, is its own affair.
        await at.pool.query('alter system set autovacuum = off');
        await at.pool.query('select pg_reload_conf()');
        const table = await largeDatabase(at, bench.rows);
        const measured = [await measureTrial(at, table, 1), await measureTrial(at, reports, largeDays)];
        await table.close();
        return measured;
      });
    }),
  );

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const connectorsLoading: BenchCase = {
  name: 'first sync of 90 days by each connector: share of its time in which the database loads, at most',
  goal: { atMost: 75, unit: '%' },
  run: async (bench) => {
    const found = await usual(bench);
    return {
      value: 100 * Math.max(...found.map(({ first }) => first.loading)),
      detail: found
        .map(({ type, first: { rows, seconds, loading } }) => {
          const speed = Math.round(rows / seconds);
          return `${type} ${rows} rows in ${seconds.toFixed(1)} s (${speed} rows/s, ${percent(loading)} in the database)`;
        })
        .join('; '),
    };
  },
};

export const connectorsMemory: BenchCase = {
  name: 'memory of the sync process, at most, whichever connector and however many rows',
  goal: { atMost: 300, unit: 'MB' },
  run: async (bench) => {
    const found = [...(await usual(bench)), ...(await large(bench))];
    const syncs = found.flatMap(({ type, first, again }) =>
      [first, again].map((sync) => ({ type, ...sync })),
    );
    return {
      value: Math.max(...syncs.map(({ megabytes }) => megabytes)),
      detail: syncs
        .map(({ type, rows, megabytes }) => `${type} ${rows} rows ${megabytes.toFixed(0)} MB`)
        .join('; '),
    };
  },
};

export const connectorsResync: BenchCase = {
  name: 'WAL of a sync that brings nothing new, records of the run included, against the first sync of many rows',
  goal: { atMost: 1, unit: '%' },
  run: async (bench) => {
    const found = await large(bench);
    const share = ({ first, again }: TrialMeasured): number => again.wal / first.wal;
    return {
      value: 100 * Math.max(...found.map(share)),
      detail: found
        .map((each) => {
          const { type, first, again } = each;
          const speed = ({ rows, seconds, loading }: SyncMeasured): string =>
            `${(rows / seconds).toFixed(0)} rows/s (${percent(loading)} in the database)`;
          const megabytes = (wal: number): string => (wal / 1e6).toFixed(2);
          return `${type} ${first.rows} rows: ${megabytes(again.wal)} of ${megabytes(first.wal)} MB, ${percent(share(each))}; ${speed(first)} first, ${speed(again)} again`;
        })
        .join('; '),
    };
  },
};
