/** Builds the checker when its sources changed, and runs it against the installation that the settings or the data folder name. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { buildService } from '../build/build-service.mjs';
import { buildWhenChanged } from '../build/source-stamp.mjs';
import { whileOthersWait } from '../host/install-packages.mjs';
import { dataFolder, workspace } from '../host/workspace.mjs';
import { verifyEnv } from './verify-env.mjs';

/** Returns the exit code: 0 nothing found, 1 findings, 2 something could not be checked. */
export async function runVerify(args) {
  const env = args.some((each) => each === '--help' || each === '-h')
    ? process.env
    : verifyEnv(process.env, dataFolder());
  await whileOthersWait(buildVerify);
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', path.join('dist/apps/verify/main.js'), ...args],
    { cwd: workspace, env, stdio: 'inherit' },
  );
  const [code] = await once(child, 'exit');
  return code ?? 2;
}

export const buildVerify = () =>
  buildWhenChanged({
    name: 'verify',
    sources: ['apps/verify/src', 'libs', 'tools/build', 'tsconfig.base.json', 'package-lock.json'],
    outputs: ['dist/apps/verify/main.js'],
    build: () => buildService('verify'),
  });
