/** Whether expired tokens are renewed, once, and whether what was revoked is told and goes on when it is given again. */
import type { ConnectorUnderTest, Started } from './connector-under-test';
import type { WithTrial } from './describe-connector';
import { expectWellTold } from './trial';

const crowd = 20;

export const describeCredentials = <S extends Started>(
  { connector, abilities = {} }: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  const { consent, revoke, restore } = abilities;

  if (consent) {
    it(
      'renews an expired token once, in the middle of a sync, and goes on',
      withTrial(async (trial) => {
        const sync = trial.sync();
        await trial.complete(sync, {
          onBatch: (count) => (count === 1 ? consent.expire(trial.standIn) : undefined),
        });
        await trial.expectTruth(sync);
        expect(consent.renewals(trial.standIn)).toBe(1);
      }),
    );

    it(
      `renews an expired token once for ${crowd} calls at a time`,
      withTrial(async (trial) => {
        const [config, credentials] = trial.source;
        // The token is known before it expires, as in a process that syncs many sources of one grant.
        await connector.check(config, credentials, trial.context());
        await consent.expire(trial.standIn);
        const before = consent.renewals(trial.standIn);
        const checks = await Promise.all(
          Array.from({ length: crowd }, () => connector.check(config, credentials, trial.context())),
        );
        expect(checks.filter(({ ok }) => !ok)).toEqual([]);
        expect(consent.renewals(trial.standIn) - before).toBe(1);
      }),
    );
  }

  if (revoke) {
    it(
      'says that credentials were revoked, keeps what it has, and goes on when they are given again',
      withTrial(async (trial) => {
        const sync = trial.sync();
        const waits: number[] = [];
        const { error } = await trial.run(sync, {
          waits,
          onBatch: (count) => (count === 1 ? revoke(trial.standIn) : undefined),
        });
        const met = error ?? (await trial.run(sync, { waits })).error;
        expect(met).toMatchObject({ code: 'source_unauthorized', verdict: 'discard' });
        expectWellTold(met);
        expect(waits).toEqual([]);
        if (!restore) return;
        await restore(trial.standIn);
        await trial.complete(sync);
        await trial.expectTruth(sync);
      }),
    );

    it(
      'says in its check that credentials were revoked',
      withTrial(async (trial) => {
        await revoke(trial.standIn);
        const { ok, checks } = await connector.check(...trial.source, trial.context());
        expect(ok).toBe(false);
        expect(checks.find((step) => !step.ok)?.message).toMatch(/[.!?] .+\.$/);
      }),
    );
  }
};
