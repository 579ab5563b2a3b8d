/** Finds a Redis server program, or gets one: npm has none. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { step } from './progress.mjs';
import { run } from './run-command.mjs';
import { Plain } from './stop-with-sentence.mjs';
import { toolsFolder } from './workspace.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const fetched = path.join(toolsFolder, 'redis');
const wrapper = path.join(fetched, 'redis-server');

/**
 * Returns `{kind: 'program', file}` or, when only Docker has one, `{kind: 'docker', image}`. Tries in this order: PATH,
 * what an earlier start fetched, apt-get as root, apt-get download without, Homebrew, Docker.
 */
export async function redisProgram() {
  const there = findOnPath(NAMES) ?? (existsSync(wrapper) ? wrapper : undefined);
  if (there) return { kind: 'program', file: there };
  return step('Getting Redis', async () => {
    for (const way of [installByApt, unpackByApt, installByBrew]) {
      const file = await way();
      if (file) return { kind: 'program', file };
    }
    if (findOnPath(['docker']) && (await run('docker', ['info'])).code === 0)
      return { kind: 'docker', image: 'redis:7' };
    throw new Plain(
      'Freshet needs Redis and found no way to get it here: install redis-server or valkey-server, or set REDIS_URL to one that runs.',
    );
  });
}

export function findOnPath(names, folders = (process.env.PATH ?? '').split(path.delimiter)) {
  for (const name of names)
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  return undefined;
}

/** Installs Debian packages as root without a question; false when that is not possible here. */
export async function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !findOnPath(['apt-get'])) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  if ((await install()).code === 0) return true;
  await run('apt-get', ['update'], { env });
  return (await install()).code === 0;
}

async function installByApt() {
  return (await aptInstall(['redis-server'])) ? findOnPath(NAMES) : undefined;
}

/** Without root the packages are unpacked into this checkout, with a script that lets the program find its libraries. */
async function unpackByApt() {
  if (!findOnPath(['apt-get']) || !findOnPath(['dpkg'])) return undefined;
  mkdirSync(fetched, { recursive: true });
  for (const name of ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'])
    await run('apt-get', ['download', name], { cwd: fetched });
  for (const file of readdirSync(fetched).filter((name) => name.endsWith('.deb')))
    await run('dpkg', ['-x', file, '.'], { cwd: fetched });
  const server = path.join(fetched, 'usr/bin/redis-server');
  if (!existsSync(server)) return undefined;
  const lib = path.join(fetched, 'usr/lib');
  const libraries = [
    lib,
    ...readdirSync(lib, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => path.join(lib, name)),
  ];
  writeFileSync(
    `${wrapper}.new`,
    `#!/bin/sh\nLD_LIBRARY_PATH='${libraries.join(':')}' exec '${server}' "$@"\n`,
  );
  chmodSync(`${wrapper}.new`, 0o755);
  if ((await run(`${wrapper}.new`, ['--version'])).code !== 0) return undefined;
  renameSync(`${wrapper}.new`, wrapper);
  return wrapper;
}

async function installByBrew() {
  if (!findOnPath(['brew']) || (await run('brew', ['install', 'redis'])).code !== 0) return undefined;
  return findOnPath(NAMES, [
    '/opt/homebrew/bin',
    '/usr/local/bin',
    ...(process.env.PATH ?? '').split(path.delimiter),
  ]);
}
