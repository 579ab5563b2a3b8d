/** Whether broken answers are got over, are never taken for data, and are explained when they go on. */
import type { FreshetError } from '@freshet/contracts';
import type { ConnectorUnderTest, Started, StandInFault } from './connector-under-test';
import type { WithTrial } from './describe-connector';
import { can } from './faults-of';
import { expectWellTold } from './trial';

/** Met by the first request of a run, and by the one after the first batch. */
const passing: [string, StandInFault][] = [
  ['a 500', { kind: 'status', status: 500 }],
  ['a hang', { kind: 'hang' }],
  ['a body that is cut off', { kind: 'truncate' }],
  ['an answer that is lost', { kind: 'lose-answer' }],
];

/** May be got over or told; a vendor's answer may look right at first sight. */
const deceiving: [string, StandInFault][] = [
  ['broken compression', { kind: 'bad-gzip' }],
  ['a web page in place of data', { kind: 'html' }],
  ['a page that comes twice', { kind: 'repeat' }],
];

const lasting: [string, StandInFault][] = [
  ['500s', { kind: 'status', status: 500 }],
  ['bodies that are cut off', { kind: 'truncate' }],
];

const refusals = [
  [400, null],
  [401, 'source_unauthorized'],
  [403, null],
  [404, null],
] as const;

export const describeFaults = <S extends Started>(
  subject: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  const possible = <F extends [string, StandInFault]>(faults: F[]): F[] =>
    faults.filter(([, { kind }]) => can(subject, kind));

  for (const [what, fault] of possible(passing)) {
    it(
      `gets over ${what}`,
      withTrial(async (trial) => {
        const sync = trial.sync();
        const waits: number[] = [];
        trial.standIn.fail(fault);
        const onBatch = (count: number): void => (count === 1 ? trial.standIn.fail(fault) : undefined);
        await trial.complete(sync, { waits, onBatch, impatient: fault.kind === 'hang' });
        await trial.expectTruth(sync);
        expect(waits[0]).toBe(1_000);
      }),
    );
  }

  for (const [what, fault] of possible(deceiving)) {
    it(
      `never takes ${what} for data, be it at first, after a batch or within a slice`,
      withTrial(async (trial) => {
        const moments = new Set([0, 1, await trial.batchWithinSlice()]);
        const sync = trial.sync();
        let seen = 0;
        const strike = (): void => (moments.delete(seen) ? trial.standIn.fail(fault) : undefined);
        const onBatch = (): void => {
          seen += 1;
          strike();
        };
        strike();
        for (let error = await attempt(); error; error = await attempt()) expectWellTold(error);
        await trial.expectTruth(sync);

        async function attempt(): Promise<FreshetError | null> {
          const run = await trial.run(sync, { onBatch });
          trial.standIn.recover();
          return run.error;
        }
      }),
    );
  }

  for (const [what, fault] of possible(lasting)) {
    it(
      `gives up after four ${what}, commits nothing, and goes on later`,
      withTrial(async (trial) => {
        const sync = trial.sync();
        const waits: number[] = [];
        trial.standIn.fail(fault, fault, fault, fault);
        const { error, commits } = await trial.run(sync, { waits });
        expect(error).toMatchObject({ code: 'source_unreachable', verdict: 'retry' });
        expectWellTold(error);
        expect({ waits, commits }).toEqual({ waits: [1_000, 2_000, 4_000], commits: 0 });
        trial.standIn.recover();
        await trial.complete(sync);
        await trial.expectTruth(sync);
      }),
    );
  }

  if (!can(subject, 'status')) return;
  it.each(refusals)('fails at once on %d and says what to do', async (status, usual) => {
    await withTrial(async (trial) => {
      const code = subject.codes?.[status] ?? usual;
      const sync = trial.sync();
      const waits: number[] = [];
      // With consent, the first 401 is taken for an old token.
      const times = status === 401 && trial.standIn.tokens ? 2 : 1;
      trial.standIn.fail(...Array.from({ length: times }, () => ({ kind: 'status', status }) as const));
      const { error, commits } = await trial.run(sync, { waits });
      expectWellTold(error);
      if (code !== null) expect(error).toMatchObject({ code });
      expect({ verdict: error?.verdict, waits, commits }).toEqual({
        verdict: 'discard',
        waits: [],
        commits: 0,
      });
    })();
  });
};
