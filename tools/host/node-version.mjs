/** Which Node runs: 20 is enough to begin with; what was installed from npm then goes on with 24. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { Plain } from './stop-with-sentence.mjs';
import { workspace } from './workspace.mjs';

export function isAtLeast(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.replace(/^v/, '').split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

export function requireNodeToBegin(version = process.version) {
  if (!isAtLeast(version, [20, 0]))
    throw new Plain(`Freshet needs Node 20 or newer; this is ${version}. See https://nodejs.org.`);
}

/** The Node that npm installed beside the packages, if there is one for this platform. */
export function installedNode() {
  const file = path.join(workspace, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  return existsSync(file) ? file : undefined;
}

/**
 * Returns when this process is new enough. Otherwise starts the same script in the installed Node, passes signals on,
 * and ends with its exit code.
 */
export async function continueInNode24() {
  if (isAtLeast(process.version, [24, 15])) return;
  const node = installedNode();
  if (!node)
    throw new Plain(
      `Freshet runs on Node 24.15 or newer, which npm could not install for ${process.platform} ${process.arch}: ` +
        `install it from https://nodejs.org (this is ${process.version}).`,
    );
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
      FRESHET_SUPERVISED: '1',
    },
  });
  // Ctrl-C reaches the child by itself; kill(1) reaches only this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve, reject) => {
    child.once('error', () =>
      reject(new Plain(`${node} does not run on this machine: install Node 24.15 or newer.`)),
    );
    child.once('exit', (status, signal) => resolve(status ?? (signal ? 1 : 0)));
  });
  process.exit(code);
}
