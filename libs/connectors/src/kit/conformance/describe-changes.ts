/** What happens upstream while nobody looks: accounts without rows, rows of the future, new columns, tokens of pages that expire. */
import type { ConnectorUnderTest, Started } from './connector-under-test';
import type { WithTrial } from './describe-connector';
import { timesAfter } from './cells';

export const describeChanges = <S extends Started>(
  { abilities = {} }: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  const { empty, expirePages, restate, addFutureRows, addColumn } = abilities;

  if (empty) {
    it(
      'reads an account without rows as such',
      withTrial(async (trial) => {
        await empty(trial.standIn);
        for (const stream of trial.standIn.streams) {
          const sync = trial.sync(stream);
          await trial.complete(sync);
          expect(sync.table.size).toBe(0);
          expect(sync.table.columns?.length).toBeGreaterThan(0);
        }
      }),
    );

    it(
      'reads no rows where there were many, without taking it for a failure',
      withTrial(async (trial) => {
        const sync = trial.sync();
        await trial.complete(sync);
        await empty(trial.standIn);
        const { batches } = await trial.complete(sync);
        expect(batches.flatMap(({ rows }) => rows)).toEqual([]);
        expect(batches.filter(({ notModified }) => notModified)).toEqual([]);
      }),
    );
  }

  if (expirePages) {
    it(
      'begins a slice again when its page token expires, not the sync',
      withTrial(async (trial) => {
        const within = await trial.batchWithinSlice();
        const undisturbed = trial.sync();
        const { batches } = await trial.complete(undisturbed);
        const sync = trial.sync();
        const { restarts } = await trial.complete(sync, {
          onBatch: (count) => (count === Math.max(1, within) ? expirePages(trial.standIn) : undefined),
        });
        expect({ pages: batches.length > 1, restarts }).toEqual({ pages: true, restarts: 1 });
        if (within > 0) expect(sync.commits).toBe(undisturbed.commits);
        await trial.expectTruth(sync);
      }),
    );
  }

  if (restate) {
    it(
      'has what changed in the past',
      withTrial(async (trial) => {
        const syncs = trial.syncs();
        for (const [, sync] of syncs) await trial.complete(sync);
        await restate(trial.standIn);
        for (const [stream, sync] of syncs) {
          await trial.complete(sync);
          await trial.expectTruth(sync, stream);
        }
      }),
    );
  }

  if (addFutureRows) {
    it(
      'is not led astray by rows dated in the future',
      withTrial(async (trial) => {
        const syncs = trial.syncs();
        await addFutureRows(trial.standIn);
        for (const [stream, sync] of syncs) {
          const { batches } = await trial.complete(sync);
          expect(batches.flatMap(({ checkpoint }) => timesAfter(checkpoint, trial.clock.now()))).toEqual([]);
          await trial.expectTruth(sync, stream);
        }
        trial.clock.nextDay();
        await restate?.(trial.standIn);
        for (const [stream, sync] of syncs) {
          await trial.complete(sync);
          await trial.expectTruth(sync, stream);
        }
      }),
    );
  }

  if (addColumn) {
    it(
      'brings a column that was added, and keeps those it had',
      withTrial(async (trial) => {
        const sync = trial.sync();
        await trial.complete(sync);
        const before = sync.table.columns ?? [];
        await addColumn.add(trial.standIn);
        trial.clock.nextDay();
        await trial.complete(sync);
        const after = sync.table.columns ?? [];
        expect(after.slice(0, before.length)).toEqual(before);
        expect(after.map(({ name }) => name)).toContain(addColumn.column);
        await trial.expectTruth(sync);
      }),
    );
  }
};
