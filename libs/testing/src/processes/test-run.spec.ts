import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { waitFor } from '../timing/wait-for';
import { identify, isRunning, type ProcessIdentity } from './process-identity';
import { sweepAbandonedRuns, testRunFolder } from './test-run';

const children: ChildProcess[] = [];

const sleeper = (): ProcessIdentity => {
  const child = spawn('sleep', ['60']);
  children.push(child);
  return identify(child.pid ?? 0) as ProcessIdentity;
};

/** What a Jest run leaves when it is killed: a folder, and a server in it. */
function runOf(owner: ProcessIdentity, server: ProcessIdentity): string {
  const folder = mkdtempSync(path.join(path.dirname(testRunFolder()), 'freshet-test-'));
  mkdirSync(path.join(folder, 'servers'));
  writeFileSync(path.join(folder, 'servers', 'one.json'), JSON.stringify({ ...server, signal: 'SIGKILL' }));
  writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}

describe('runs that were killed', () => {
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  it('are swept with the servers they left', async () => {
    const dead = spawn('true');
    const server = sleeper();
    await once(dead, 'exit');
    const folder = runOf({ pid: dead.pid ?? 0, startedAt: '1' }, server);
    await sweepAbandonedRuns();
    await waitFor(() => !isRunning(server));
    expect(existsSync(folder)).toBe(false);
  });

  it('are not mistaken for runs that go on', async () => {
    const server = sleeper();
    const folder = runOf(identify(process.pid) as ProcessIdentity, server);
    await sweepAbandonedRuns();
    expect(isRunning(server)).toBe(true);
    writeFileSync(path.join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, startedAt: 'before' }));
    await sweepAbandonedRuns();
    expect(isRunning(server)).toBe(false);
  });

  it('never cost a process its life that merely has the pid of a server', async () => {
    const server = sleeper();
    runOf({ pid: process.pid, startedAt: 'before' }, { ...server, startedAt: 'before' });
    await sweepAbandonedRuns();
    expect(isRunning(server)).toBe(true);
  });
});
