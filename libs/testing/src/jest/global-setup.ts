/** Runs once per Jest invocation: opens the folder in which spec files start servers when they first need them. */
import { openTestRun, sweepAbandonedRuns } from '../processes/test-run';

export default async function globalSetup(): Promise<void> {
  await sweepAbandonedRuns();
  openTestRun();
}
