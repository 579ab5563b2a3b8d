/**
 * `npm run bench`: measures Freshet against bare PostgreSQL on this machine and holds the ratios against their goals.
 * `npm run bench -- --rows 200000 --rounds 5 load refresh` changes the size and measures only those cases.
 */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { explain } from '../host/stop-with-sentence.mjs';

try {
  requireNodeToBegin();
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { measure } = await import('./measure.mjs');
  process.exitCode = await measure(process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
}
