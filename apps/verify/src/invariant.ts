/** What an invariant is: a sentence that always holds, and a look at the records that finds where it does not. */
import type { Sql } from '@freshet/persistence';
import type { ClientBase } from 'pg';

export interface Finding {
  /** `pending`: owed, and still within its time; no fault unless everything was meant to be at rest. */
  verdict: 'violated' | 'pending';
  /** Names the rows concerned and what to look at. */
  sentence: string;
}

export interface Outcome {
  /** How many things were looked at; 0 proves nothing, and the report says so. */
  checked: number;
  findings: Finding[];
  /** What was left out on purpose, and why: it is no fault. */
  notes?: string[];
  /** What should have been looked at and could not be. */
  failures?: string[];
}

/** One moment of the installation, and how to look at it. */
export interface Look {
  /** The control plane, as its owner, in one snapshot that only reads. */
  sql: Sql;
  /** Empty for an invariant of the whole installation. */
  projectId: string;
  /** The database's clock at that moment, epoch milliseconds. */
  now: number;
  /** How long a model may be held back, in milliseconds. */
  maxWait: number;
  /** Records of before are left alone; epoch milliseconds, 0 for all. */
  since: number;
  /** Reads the project's tables in the same snapshot; null: tables are not to be scanned. */
  scan: ClientBase | null;
  /** For each statement of `scan`, in milliseconds. */
  scanTimeout: number;
  /** At most so many models are computed anew. */
  recompute: number;
}

export interface Invariant {
  /** Also the heading under which docs/verify.md explains it. */
  name: string;
  says: string;
  scope: 'project' | 'installation';
  check(look: Look): Promise<Outcome>;
}

export const violated = (sentence: string): Finding => ({ verdict: 'violated', sentence });
export const pending = (sentence: string): Finding => ({ verdict: 'pending', sentence });

/** SQL that turns a timestamptz into epoch milliseconds, with microseconds after the point. */
export const epoch = (expression: string): string => `(extract(epoch from ${expression}) * 1000)::float8`;

export const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** `model 12 (daily_sales)` */
export const modelNamed = ({ modelId, model }: { modelId: string; model: string }): string =>
  `model ${modelId} (${model})`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** At most this many ids are spelled out. */
export const listed = (ids: readonly string[], most = 5): string =>
  ids.length <= most ? ids.join(', ') : `${ids.slice(0, most).join(', ')} and ${ids.length - most} more`;
