/**
 * The folder of one Jest run: who owns it, and which servers were started in it, so that a run that was
 * killed leaves nothing behind for longer than until the next run begins.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { identify, isRunning, type ProcessIdentity } from './process-identity';

const RUN_FOLDER = 'FRESHET_TEST_RUN';
const PREFIX = 'freshet-test-';

/** As root the servers run as another user, who may not enter a private TMPDIR. */
const baseFolder = (): string => (process.getuid?.() === 0 ? '/tmp' : realpathSync(tmpdir()));

/** Creates the folder of this run, owned by this process, and tells the workers about it. */
export function openTestRun(): string {
  const folder = mkdtempSync(path.join(baseFolder(), PREFIX));
  mkdirSync(path.join(folder, 'servers'));
  const owner = identify(process.pid);
  if (!owner) throw new Error('The Jest process does not see itself; is /proc mounted?');
  writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner));
  process.env[RUN_FOLDER] = folder;
  return folder;
}

export function testRunFolder(): string {
  const folder = process.env[RUN_FOLDER];
  if (!folder) {
    throw new Error(
      'No test run is open: name libs/testing/src/jest/global-setup.ts as globalSetup in the Jest configuration.',
    );
  }
  return folder;
}

/** Remembers a server process, so that it is ended with the run even when its spec file was killed. */
export function recordServer(pid: number): void {
  const server = identify(pid);
  if (!server) return;
  writeFileSync(path.join(testRunFolder(), 'servers', `${pid}.json`), JSON.stringify(server));
}

/** Kills what the run started and removes its folder. */
export function closeTestRun(folder: string): void {
  const servers = path.join(folder, 'servers');
  for (const file of listFolder(servers)) {
    const server = readIdentity(path.join(servers, file));
    if (server && isRunning(server)) process.kill(server.pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Closes the runs whose Jest process has ended without doing so. */
export function sweepAbandonedRuns(): void {
  for (const name of listFolder(baseFolder())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(baseFolder(), name);
    const owner = readIdentity(path.join(folder, 'owner.json'));
    if (owner && !isRunning(owner)) closeTestRun(folder);
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
