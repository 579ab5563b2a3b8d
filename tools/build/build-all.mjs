/** `npm run build`: builds the four services and the client into dist, each when its sources changed. */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { step } from '../host/progress.mjs';
import { explain } from '../host/stop-with-sentence.mjs';

try {
  requireNodeToBegin();
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { buildServices } = await import('./build-services.mjs');
  const { buildClient } = await import('./build-client.mjs');
  await whileOthersWait(async () => {
    await step('Building gateway, sync, refresh and scheduler', buildServices);
    await step('Building the client', buildClient);
  });
} catch (error) {
  process.exitCode = explain(error);
}
