/** Builds the Angular client through Nx when something it consists of has changed. */
import path from 'node:path';

import { lastLines, run } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { workspace } from '../host/workspace.mjs';
import { buildWhenChanged } from './source-stamp.mjs';

export const nx = (args, options) =>
  run(process.execPath, [path.join(workspace, 'node_modules/nx/bin/nx.js'), ...args], {
    cwd: workspace,
    env: { ...process.env, NX_DAEMON: 'false', NG_CLI_ANALYTICS: 'false', NX_TUI: 'false' },
    ...options,
  });

export async function buildClient() {
  await buildWhenChanged({
    name: 'client',
    sources: [
      'apps/client',
      'libs/contracts/src',
      'libs/domain/src',
      'libs/sdk/src',
      'tsconfig.base.json',
      'package-lock.json',
    ],
    outputs: ['dist/apps/client/browser/index.html'],
    build: async () => {
      const { code, output } = await nx(['run', 'client:build']);
      if (code !== 0) throw new Plain(`The client does not build:\n${lastLines(output, 40)}`);
    },
  });
}
