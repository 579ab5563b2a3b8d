/**
 * `npm run verify [-- options]`: proves over live data that nothing was lost, doubled or mixed; reads only, beside running services.
 * Without settings it looks at what `npm start` runs from the same data folder. `npm run verify -- --help` tells the options.
 */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { explain } from '../host/stop-with-sentence.mjs';

/** 1 would mean that something was found. */
const NOT_CHECKED = 2;

try {
  requireNodeToBegin();
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { runVerify } = await import('./run-verify.mjs');
  process.exitCode = await runVerify(process.argv.slice(2));
} catch (error) {
  explain(error);
  process.exitCode = NOT_CHECKED;
}
