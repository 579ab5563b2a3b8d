/** Takes the batches of one slice and commits them as the loader would. */
import { FreshetError } from '@freshet/contracts';
import type { Column } from '../column';
import type { Batch } from '../connector';
import type { Run, RunWishes } from './stream-sync';

/** The process died; what was not committed is lost. */
export class Killed extends Error {}

export type SliceOutcome =
  | { kind: 'whole'; rows: number }
  /** A later batch has other columns than the first: to be read again with them. */
  | { kind: 'wider'; columns: readonly Column[] }
  | { kind: 'failed'; error: FreshetError };

export interface SliceReader {
  run: Run;
  wishes: RunWishes;
  commit(batches: readonly Batch[]): void;
}

const sameColumns = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length && a.every(({ name, type }, at) => name === b[at]?.name && type === b[at]?.type);

export const readSlice = async (
  batches: AsyncIterable<Batch>,
  { run, wishes, commit }: SliceReader,
  commitsWithin: boolean,
): Promise<SliceOutcome> => {
  let staged: Batch[] = [];
  let columns: readonly Column[] | null = null;
  let rows = 0;
  try {
    for await (const batch of batches) {
      run.batches.push(batch);
      await wishes.onBatch?.(run.batches.length);
      if (run.batches.length === wishes.killAt) throw new Killed();
      columns ??= batch.columns;
      if (!sameColumns(columns, batch.columns)) return { kind: 'wider', columns: batch.columns };
      staged.push(batch);
      rows += batch.rows.length;
      if (!commitsWithin || batch.checkpoint === null) continue;
      commit(staged);
      staged = [];
    }
  } catch (error) {
    if (error instanceof FreshetError) return { kind: 'failed', error };
    throw error;
  }
  if (run.batches.length === 0) throw new Error('A read ended without a batch.');
  if (staged.length > 0) commit(staged);
  return { kind: 'whole', rows };
};
