/** Whether a vendor's limits are waited for: short ones within the run, long ones by parking it. */
import type { FreshetError } from '@freshet/contracts';
import type { ConnectorUnderTest, Started } from './connector-under-test';
import type { WithTrial } from './describe-connector';
import { can } from './faults-of';
import { expectWellTold, type Trial } from './trial';
import type { StreamSync } from './stream-sync';

/** Goes on with a parked run when its time has come, as the scheduler does. */
const resumed = async <S extends Started>(
  trial: Trial<S>,
  sync: StreamSync,
  parked: FreshetError | null,
): Promise<void> => {
  if (parked) {
    expect(parked).toMatchObject({ code: 'source_quota', verdict: 'wait' });
    expectWellTold(parked);
    expect(parked.details.until).toBeInstanceOf(Date);
    trial.clock.advanceTo(parked.details.until ?? new Date(0));
    await trial.complete(sync);
    // Days read before it was parked may be older than the rest by now.
    await trial.complete(sync);
  }
  await trial.expectTruth(sync);
};

export const describeQuotas = <S extends Started>(
  subject: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  if (!can(subject, 'status')) return;

  it(
    'waits as long as a 429 says',
    withTrial(async (trial) => {
      const sync = trial.sync();
      const begun = trial.clock.now().getTime();
      trial.standIn.fail({ kind: 'status', status: 429, retryAfter: '7' });
      const waits: number[] = [];
      const { error } = await trial.run(sync, { waits });
      const waited = (error?.details.until ?? trial.clock.now()).getTime() - begun;
      expect(waited).toBeGreaterThanOrEqual(7_000);
      if (!error) expect(waits[0]).toBeGreaterThanOrEqual(7_000);
      await resumed(trial, sync, error);
    }),
  );

  it(
    'waits by its own rules when a 429 says nothing',
    withTrial(async (trial) => {
      const sync = trial.sync();
      trial.standIn.fail({ kind: 'status', status: 429 }, { kind: 'status', status: 429 });
      const waits: number[] = [];
      const { error } = await trial.run(sync, { waits });
      if (!error) expect(waits.length).toBeGreaterThanOrEqual(2);
      await resumed(trial, sync, error);
    }),
  );

  it(
    'hands over a long quota with the time when it ends, in the middle of a sync, and goes on there',
    withTrial(async (trial) => {
      const sync = trial.sync();
      const begun = trial.clock.now().getTime();
      const quota = { kind: 'status', status: 429, retryAfter: '3600' } as const;
      trial.standIn.fail(quota);
      const first = await trial.run(sync);
      expect(first.error).toMatchObject({ code: 'source_quota', verdict: 'wait' });
      expect(first.error?.details.until?.getTime()).toBeGreaterThanOrEqual(begun + 3_600_000);
      expect(first.commits).toBe(0);
      const { error } = await trial.run(sync, {
        onBatch: (count) => (count === 2 ? trial.standIn.fail(quota) : undefined),
      });
      trial.standIn.recover();
      await resumed(trial, sync, error);
    }),
  );
};
