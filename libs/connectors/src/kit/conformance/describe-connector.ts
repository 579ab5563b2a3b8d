/** What every connector has to do, as one suite over each of them and its stand-in. For specs only. */
import type { ConnectorUnderTest, Started } from './connector-under-test';
import { describeChanges } from './describe-changes';
import { describeCredentials } from './describe-credentials';
import { describeFaults } from './describe-faults';
import { describeIntroduction } from './describe-introduction';
import { describeQuotas } from './describe-quotas';
import { describeStops } from './describe-stops';
import { describeTruth } from './describe-truth';
import { Trial } from './trial';

/** Opens a fresh stand-in with the suite's clock for one test, and closes it afterwards. `start` is a time other than the usual one. */
export type WithTrial<S extends Started> = (
  test: (trial: Trial<S>) => Promise<void>,
  start?: string,
) => () => Promise<void>;

/** Milliseconds of one test, on a machine that does much else: nothing in it waits, but some sync many times. */
const patience = 30_000;

/** `subject.start` is called for each test. */
export const describeConnector = <S extends Started>(name: string, subject: ConnectorUnderTest<S>): void => {
  const withTrial: WithTrial<S> = (test, start) => async () => {
    const trial = await Trial.open(subject, start);
    try {
      await test(trial);
    } finally {
      await trial.close();
    }
  };
  jest.setTimeout(patience);
  describe(`the ${name} connector`, () => {
    describeIntroduction(subject, withTrial);
    describeTruth(subject, withTrial);
    describeStops(subject, withTrial);
    describeFaults(subject, withTrial);
    describeQuotas(subject, withTrial);
    describeCredentials(subject, withTrial);
    describeChanges(subject, withTrial);
  });
};
