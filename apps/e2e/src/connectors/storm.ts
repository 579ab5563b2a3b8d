/** Kills the sync service while connectors sync from vendors that misbehave, and compares in the end. */
import { setTimeout as moment } from 'node:timers/promises';
import type { StandInFault } from '@freshet/testing';
import { pick, seeded, type Random } from '../harness/random';
import type { Difference } from './compare';
import { Installation } from './installation';
import { Surroundings, type Trial } from './trial';
import { trials } from './trials';
import { TriedSource } from './tried-source';

export interface StormOptions {
  type: string;
  seed: number;
  kills: number;
  /** Days of the first pass. */
  days: number;
  tell(what: string): void;
}

export interface StormReport {
  type: string;
  kills: number;
  faults: number;
  runs: number;
  rows: number;
  seconds: number;
  differences: Difference[];
}

const faults: readonly StandInFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, retryAfter: '1' },
  { kind: 'truncate' },
  { kind: 'bad-gzip' },
  { kind: 'lose-answer' },
  { kind: 'repeat' },
];

const startTrial = (type: string, surroundings: Surroundings): Promise<Trial> => {
  const start = trials[type];
  if (!start) throw new Error(`There is no trial of ${type}; there are ${Object.keys(trials).join(', ')}.`);
  return start(surroundings);
};

/** Some requests to come fail. @returns how many */
const disturb = ({ fail }: Trial, random: Random): number => {
  const count = pick(random, 3);
  for (let each = 0; each < count; each++) fail(faults[pick(random, faults.length)] ?? { kind: 'truncate' });
  return count;
};

/** One connector, killed again and again. */
export const storm = async ({ type, seed, kills, days, tell }: StormOptions): Promise<StormReport> => {
  const began = Date.now();
  const random = seeded(seed);
  const surroundings = new Surroundings(new Date());
  const trial = await startTrial(type, surroundings);
  const installation = await Installation.start(trial.env);
  try {
    const source = await TriedSource.add(installation, trial, days);
    let faulted = 0;
    for (let killed = 1; killed <= kills; killed++) {
      await source.keepBusy();
      await source.untilRunning();
      faulted += disturb(trial, random);
      await moment(50 + pick(random, 1_500));
      await installation.killSync();
      tell(`${type}: killed ${killed} of ${kills} times`);
    }
    trial.recover();
    await source.untilWhole(tell);
    const { rows, differences } = await source.compare(surroundings.vendorsNow);
    const seconds = Math.round((Date.now() - began) / 1_000);
    return { type, kills, faults: faulted, runs: source.runs, rows, seconds, differences };
  } finally {
    await installation.close();
    await trial.close();
    await surroundings.close();
  }
};

/** All of these side by side in one installation, until a kill has met each of them at work. */
export const stormTogether = async (
  types: readonly string[],
  { seed, days, tell }: Pick<StormOptions, 'seed' | 'days' | 'tell'>,
): Promise<StormReport[]> => {
  const began = Date.now();
  const random = seeded(seed);
  const surroundings = new Surroundings(new Date());
  const started: Trial[] = [];
  for (const type of types) started.push(await startTrial(type, surroundings));
  const installation = await Installation.start(Object.assign({}, ...started.map(({ env }) => env)));
  try {
    const reports = new Map<TriedSource, StormReport>();
    for (const trial of started) {
      const source = await TriedSource.add(installation, trial, days);
      const counts = { kills: 0, faults: disturb(trial, random), runs: 1, rows: 0, seconds: 0 };
      reports.set(source, { type: trial.type, ...counts, differences: [] });
    }
    const unmet = (): TriedSource[] => [...reports].flatMap(([source, { kills }]) => (kills ? [] : [source]));
    while (unmet().length) {
      await Promise.all(unmet().map((source) => source.keepBusy()));
      await Promise.any(unmet().map((source) => source.untilRunning()));
      await moment(pick(random, 300));
      const met = await installation.killSync();
      for (const [source, report] of reports) if (met.includes(source.id)) report.kills += 1;
      tell(`killed once more; ${unmet().length} connectors were not at work yet`);
    }
    for (const [source, report] of reports) {
      source.trial.recover();
      await source.untilWhole(tell);
      Object.assign(report, await source.compare(surroundings.vendorsNow), { runs: source.runs });
      report.seconds = Math.round((Date.now() - began) / 1_000);
    }
    return [...reports.values()];
  } finally {
    await installation.close();
    await Promise.all(started.map((trial) => trial.close()));
    await surroundings.close();
  }
};
