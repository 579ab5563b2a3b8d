import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { isRunning } from '../host/process-identity.mjs';
import { Children } from './children.mjs';
import { secretsOf } from './remembered.mjs';
import { waitUntil } from './wait-until.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'freshet-children-'));
const logs = path.join(folder, 'logs');
mkdirSync(logs);
after(() => rmSync(folder, { recursive: true }));

const child = (name, script = `console.log('up'); setInterval(() => undefined, 1000)`) => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  options: {},
  signal: 'SIGTERM',
});
const until = async (condition) => {
  for (
    const last = Date.now() + 10_000;
    !condition();
    await new Promise((resolve) => setTimeout(resolve, 10))
  )
    assert.ok(Date.now() < last, 'waited in vain');
};
const recorded = () => JSON.parse(readFileSync(path.join(folder, 'processes.json'), 'utf8'));

describe('the processes of a start', () => {
  it('that a killed start has left are ended by the next', async () => {
    const killed = new Children({ folder, logs });
    const { identity } = killed.start(child('left'));
    assert.deepEqual(await new Children({ folder, logs }).sweep([['left']]), ['left']);
    assert.ok(!isRunning(identity));
    assert.deepEqual(await new Children({ folder, logs }).sweep([]), []);
  });

  it('are started again when they end by themselves, and not when they are stopped', async () => {
    const children = new Children({ folder, logs });
    const { identity } = children.start(child('service'));
    children.supervise('service');
    process.kill(identity.pid, 'SIGKILL');
    await until(() => recorded()[0].pid !== identity.pid);
    const again = recorded()[0];
    assert.ok(isRunning(again));
    await children.stopAll([['service']], 5000);
    assert.ok(!isRunning(again));
    assert.deepEqual(recorded(), []);
  });

  it('that end while starting are told with the end of their log', async () => {
    const children = new Children({ folder, logs });
    const entry = children.start(
      child('broken', `console.error('FRESHET_MASTER_KEY must be set'); process.exit(1)`),
    );
    await assert.rejects(
      waitUntil(entry, async () => false, 10_000),
      /broken ended while starting \(code 1\).*\n.*FRESHET_MASTER_KEY must be set/,
    );
    await children.stopAll([], 1000);
  });

  it('are not started any more once all is being stopped', async () => {
    const children = new Children({ folder, logs });
    await children.stopAll([], 1000);
    assert.throws(() => children.start(child('late')), /late is not started/);
  });
});

describe('the secrets of a data folder', () => {
  it('are made once and readable by nobody else', () => {
    const made = secretsOf(folder);
    assert.ok(Buffer.byteLength(made.masterKey) >= 32);
    assert.deepEqual(secretsOf(folder), made);
    assert.equal(statSync(path.join(folder, 'secrets.json')).mode & 0o777, 0o600);
  });
});
