/** Whether a sync that is stopped anywhere goes on to the same table. */
import fc from 'fast-check';
import type { ConnectorUnderTest, Started, StandInFault } from './connector-under-test';
import type { WithTrial } from './describe-connector';
import { can } from './faults-of';

/** Batches are many where pages are small; the first ones tell the same as the others. */
const mostStops = (isFirst: boolean): number => (isFirst ? 5 : 2);

const passingFaults: readonly StandInFault[] = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, retryAfter: '2' },
  { kind: 'truncate' },
  { kind: 'lose-answer' },
];

export const describeStops = <S extends Started>(
  subject: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  it(
    'goes on after a stop at any batch, losing and repeating nothing',
    withTrial(async (trial) => {
      for (const stream of trial.standIn.streams) {
        const { batches } = await trial.complete(trial.sync(stream));
        const stops = Math.min(batches.length, mostStops(stream === trial.first));
        for (let killAt = 1; killAt <= stops; killAt++) {
          const stopped = trial.sync(stream);
          expect(await trial.run(stopped, { killAt })).toMatchObject({ killed: true });
          await trial.complete(stopped);
          await trial.expectTruth(stopped, stream);
        }
      }
    }),
  );

  it(
    'reaches the truth through stops and faults at random',
    withTrial(async (trial) => {
      const faults = passingFaults.filter(({ kind }) => can(subject, kind));
      const mishap = fc.record({
        killAt: fc.integer({ min: 1, max: 5 }),
        fault: faults.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...faults)),
        at: fc.integer({ min: 0, max: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(mishap, { minLength: 1, maxLength: 3 }), async (mishaps) => {
          const sync = trial.sync();
          for (const { killAt, fault, at } of mishaps) {
            const strike = (count: number): void => {
              if (fault && count === at) trial.standIn.fail(fault);
            };
            strike(0);
            await trial.run(sync, { killAt, onBatch: strike });
            trial.standIn.recover();
          }
          await trial.complete(sync);
          await trial.expectTruth(sync);
        }),
        { numRuns: 4 },
      );
    }),
  );

  it(
    'stops when it is cancelled between batches, and goes on later',
    withTrial(async (trial) => {
      const sync = trial.sync();
      const controller = new AbortController();
      const { error, killed } = await trial.run(sync, {
        signal: controller.signal,
        onBatch: () => controller.abort(),
      });
      if (error) expect(error).toMatchObject({ code: 'cancelled' });
      expect(killed).toBe(false);
      await trial.complete(sync);
      await trial.expectTruth(sync);
    }),
  );

  if (can(subject, 'hang')) {
    it(
      'stops when it is cancelled while it waits for an answer, and commits nothing',
      withTrial(async (trial) => {
        const sync = trial.sync();
        const controller = new AbortController();
        trial.standIn.fail({ kind: 'hang' });
        const running = trial.run(sync, { signal: controller.signal });
        controller.abort();
        const { error, commits } = await running;
        expect(error).toMatchObject({ code: 'cancelled' });
        expect(commits).toBe(0);
      }),
    );
  }
};
