/** Runs once after all spec files: ends the servers of this run and removes their data. */
import { dropRunDatabases } from '../postgres/cluster';
import { closeTestRun, testRunFolder } from '../processes/test-run';

export default async function globalTeardown(): Promise<void> {
  await dropRunDatabases();
  await closeTestRun(testRunFolder());
}
