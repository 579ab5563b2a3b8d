/** Brings node_modules to what the lockfile says, and nothing when it is so already. */
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { requireSpace } from './disk-space.mjs';
import { withLock } from './process-lock.mjs';
import { say, step } from './progress.mjs';
import { lastLines, run } from './run-command.mjs';
import { Plain } from './stop-with-sentence.mjs';
import { toolsFolder, workspace } from './workspace.mjs';

const lockfile = path.join(workspace, 'package-lock.json');
const installed = path.join(workspace, 'node_modules/.package-lock.json');
/** Two copies may start from one checkout at the same time: one installs or builds, the other waits for it. */
export const whileOthersWait = (work) =>
  withLock(path.join(toolsFolder, 'checkout.lock'), work, ({ pid }) =>
    say(`· Waiting for process ${pid}, which is installing or building in this checkout …`),
  );

export async function installPackages() {
  if (isInstalled()) return;
  refuseLink();
  requireSpace(workspace, 2, 'installing the packages');
  await step(
    existsSync(installed)
      ? 'Installing packages, since the lockfile changed'
      : 'Installing packages (one to three minutes)',
    async () => {
      const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      if (code !== 0)
        throw new Plain(
          `npm ci failed; its last lines:\n${lastLines(output, 20)}\n\nPut that right and start again.`,
        );
    },
  );
}

/** npm writes its own list last, so an installation that was broken off has none. */
function isInstalled() {
  if (!existsSync(installed)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  return isSame(packagesOf(lockfile), packagesOf(installed));
}

/** Whether all packages wanted are there in the versions wanted; optional ones may be for another platform. */
export function isSame(wanted, there) {
  const missing = Object.entries(wanted).filter(
    ([place, { version, optional, devOptional }]) =>
      place !== '' &&
      there[place]?.version !== version &&
      !(there[place] === undefined && (optional || devOptional)),
  );
  return missing.length === 0;
}

/** npm would empty the folder that a link leads to, which other checkouts may live on. */
function refuseLink() {
  const folder = path.join(workspace, 'node_modules');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Plain(
      `${folder} is a link to packages that are not those of package-lock.json: remove the link and start again.`,
    );
}

function npm(args) {
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith('npm-cli.js') ? [process.execPath, [script]] : ['npm', []];
  return run(command, [...first, ...args], {
    cwd: workspace,
    env: { ...process.env, NODE_ENV: 'development' },
  });
}
