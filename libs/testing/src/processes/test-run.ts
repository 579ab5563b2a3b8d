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

import { waitFor } from '../timing/wait-for';
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

interface RecordedServer extends ProcessIdentity {
  /** How to end it at once: PostgreSQL gives its shared memory back on SIGQUIT, but not on SIGKILL. */
  signal: 'SIGKILL' | 'SIGQUIT';
}

/** Remembers a server process, so that it is ended with the run even when its spec file was killed. */
export function recordServer(pid: number, signal: RecordedServer['signal'] = 'SIGKILL'): void {
  const identity = identify(pid);
  if (!identity) return;
  const server: RecordedServer = { ...identity, signal };
  writeFileSync(path.join(testRunFolder(), 'servers', `${pid}.json`), JSON.stringify(server));
}

/** Ends what the run started and removes its folder. */
export async function closeTestRun(folder: string): Promise<void> {
  const servers = path.join(folder, 'servers');
  const running = listFolder(servers)
    .map((file) => readRecord<RecordedServer>(path.join(servers, file)))
    .filter((server) => server !== undefined)
    .filter(isRunning);
  for (const server of running) process.kill(server.pid, server.signal);
  await waitFor(() => !running.some(isRunning), { what: 'the servers of the test run to end' });
  rmSync(folder, { recursive: true, force: true });
}

/** Closes the runs whose Jest process has ended without doing so. */
export async function sweepAbandonedRuns(): Promise<void> {
  for (const name of listFolder(baseFolder())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(baseFolder(), name);
    const owner = readRecord<ProcessIdentity>(path.join(folder, 'owner.json'));
    if (owner && !isRunning(owner)) await closeTestRun(folder);
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readRecord<T extends ProcessIdentity>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
