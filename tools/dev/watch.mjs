/** Watches the sources of a running Freshet: esbuild for the services, Angular's own watch for the client. */
import { context, formatMessages } from 'esbuild';

import { forgetBuild } from '../build/source-stamp.mjs';
import { bundleOptions } from '../build/service-bundle.mjs';
import { nxEnv, programOf } from '../host/package-program.mjs';
import { say } from '../host/progress.mjs';
import { workspace } from '../host/workspace.mjs';
import { services } from '../start/settings.mjs';

export const watchSteps = [
  {
    title: 'Watching the sources',
    run: async ({ children }) => {
      for (const app of services) await watchService(app, children);
      watchClient(children);
    },
  },
];

/** Rebuilds a service when one of its files changes and starts it again; a faulty build leaves the running one alone. */
async function watchService(app, children) {
  let builds = 0;
  let restarts = Promise.resolve();
  const restarting = {
    name: 'restarting',
    setup: (build) =>
      build.onEnd(async ({ errors }) => {
        if (errors.length)
          say(
            (await formatMessages(errors, { kind: 'error', color: process.stdout.isTTY === true })).join(''),
          );
        else if (builds++ > 0) restarts = restarts.then(() => restart(app, children));
      }),
  };
  const options = bundleOptions(app);
  const watching = await context({ ...options, plugins: [...options.plugins, restarting] });
  await watching.watch();
}

async function restart(app, children) {
  const started = Date.now();
  try {
    await children.restart(app);
    say(`✓ ${app} restarted with the change (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    say(`✗ ${error.message}`);
  }
}

/** Writes a development build into dist/apps/client, from where the gateway serves it: reload the page to see it. */
function watchClient(children) {
  forgetBuild('client');
  const { log } = children.start({
    name: 'client-build',
    command: process.execPath,
    args: [programOf('nx'), 'run', 'client:build:development', '--watch'],
    options: { cwd: workspace, env: nxEnv() },
    signal: 'SIGTERM',
  });
  say(`  The client is rebuilt on change; its messages are in ${log}`);
}
