/**
 * `npm run chaos`: kills, stops and cuts Freshet's services, PostgreSQL, Redis and the network between them, while syncs,
 * refreshes and readers go on, and proves in the end that nothing was lost, doubled or mixed (docs/reliability.md).
 * `npm run chaos -- --seed 7 --minutes 20` repeats a run and lets it last, `--connectors` kills each connector's sync, `--quota` reads a
 * year of many properties under their quotas.
 */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { explain } from '../host/stop-with-sentence.mjs';

try {
  requireNodeToBegin();
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { run } = await import('./run.mjs');
  // At once: a socket that was reset at a bad moment can keep Node from ever ending by itself.
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  process.exitCode = explain(error);
}
