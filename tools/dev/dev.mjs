/** `npm run dev`: what npm start does, then rebuilds on every change: a service is restarted, the client is served anew. */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { explain } from '../host/stop-with-sentence.mjs';
import { prepareFolder, readSettings } from '../start/settings.mjs';

try {
  requireNodeToBegin();
  const settings = readSettings();
  prepareFolder(settings);
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { runFreshet } = await import('../start/run-freshet.mjs');
  const { watchSteps } = await import('./watch.mjs');
  await runFreshet(settings, { extraSteps: watchSteps });
} catch (error) {
  process.exit(explain(error));
}
