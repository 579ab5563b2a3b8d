/**
 * `npm test`: everything that says whether this checkout is sound, from a bare clone. `npm test -- server e2e` runs
 * only those groups. The last line is the sum; the exit code is 1 when anything failed.
 */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { endCommands } from '../host/run-command.mjs';
import { explain } from '../host/stop-with-sentence.mjs';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void endCommands().then(() => process.exit(130)));

try {
  requireNodeToBegin();
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { runTests } = await import('./run-tests.mjs');
  process.exitCode = await runTests(process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
}
