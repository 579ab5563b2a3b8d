/** What a benchmark is, and what it has to work with. */
import type { Pool, PoolClient } from 'pg';
import type { Freshet } from './freshet';

export type Goal = ({ atLeast: number } | { atMost: number }) & { unit: Unit };
/** `×`: how many times as fast or as long as the bare thing, in one run. */
export type Unit = '×' | '%' | 'ms' | 'MB' | 'reads';

export interface Measured {
  value: number;
  /** One line: the figures behind the value. */
  detail: string;
}

export interface BenchCase {
  name: string;
  goal: Goal;
  run(bench: Bench): Promise<Measured>;
}

export interface Bench {
  /** Rows of the large tables. */
  readonly rows: number;
  /** How often each side of a ratio is measured, after a warm-up. */
  readonly rounds: number;
  readonly databaseUrl: string;
  readonly masterKey: string;
  /** An administrator's connections. */
  readonly pool: Pool;
  /** The four built services as processes; started by the first case that asks. */
  freshet(): Promise<Freshet>;
  /** For cases that read different values off one measurement. */
  once<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Runs the work on one administrator's connection. */
  withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
}

export const isMet = (goal: Goal, value: number): boolean =>
  'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
