/** What a sandbox table is, and what its rows depend on. */
import type { Chance } from '../../market';
import type { Field, Value } from './schema';

export interface SandboxTable {
  dataset: string;
  name: string;
  fields: readonly Field[];
  /** As the table is now. */
  rows(world: World): Value[][];
}

export interface World {
  chance: Chance;
  now: Date;
  /** 1: some 40 orders a day. */
  scale: number;
  /** Days since 1970 of the first day that there is. */
  firstDay: number;
  /** An order and an event dated a year from now. */
  hasFuture: boolean;
}

/** Milliseconds. */
export const day = 86_400_000;
