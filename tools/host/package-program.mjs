/** Runs the programs of npm packages with the Node that runs this. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { run } from './run-command.mjs';
import { workspace } from './workspace.mjs';

/** The script behind a package's command, e.g. `('typescript', 'tsc')`. */
export function programOf(name, command = name) {
  const folder = path.join(workspace, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Nx without its daemon, its terminal interface and questions. */
export const nxEnv = () => ({
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NG_CLI_ANALYTICS: 'false',
});

export const nx = (args) =>
  run(process.execPath, [programOf('nx'), ...args], { cwd: workspace, env: nxEnv() });
