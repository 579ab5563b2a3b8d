import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { isSame } from './install-packages.mjs';
import { isAtLeast, requireNodeToBegin } from './node-version.mjs';
import { freePort, portState, requirePort, wantedPort } from './ports.mjs';
import { endProcess, identify, isRunning } from './process-identity.mjs';
import { lockHolder, releaseLock, takeLock, withLock } from './process-lock.mjs';
import { findOnPath } from './redis-program.mjs';
import { Plain } from './stop-with-sentence.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'freshet-host-'));
after(() => rmSync(folder, { recursive: true }));

describe('the Node that runs', () => {
  it('is compared by number, not by letter', () => {
    assert.ok(isAtLeast('v24.15.0', [24, 15]));
    assert.ok(isAtLeast('v100.0.0', [24, 15]));
    assert.ok(!isAtLeast('v24.9.0', [24, 15]));
    assert.ok(!isAtLeast('v9.99.0', [20, 0]));
  });

  it('has to be 20 to begin, told in one sentence', () => {
    assert.throws(
      () => requireNodeToBegin('v18.19.0'),
      new Plain('Freshet needs Node 20 or newer; this is v18.19.0. See https://nodejs.org.'),
    );
    requireNodeToBegin('v20.0.0');
  });
});

describe('the packages', () => {
  const wanted = {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/mac-only': { version: '1.0.0', optional: true },
  };

  it('are as wanted when only those of other platforms are missing', () => {
    assert.ok(isSame(wanted, { 'node_modules/a': { version: '1.0.0' } }));
  });

  it('are installed anew when one is missing or in another version', () => {
    assert.ok(!isSame(wanted, {}));
    assert.ok(!isSame(wanted, { 'node_modules/a': { version: '1.0.1' } }));
    assert.ok(
      !isSame(wanted, {
        'node_modules/a': { version: '1.0.0' },
        'node_modules/mac-only': { version: '0.9.0' },
      }),
    );
  });
});

describe('ports', () => {
  it('are read from PORT, 3000 when there is none', () => {
    assert.equal(wantedPort(undefined), 3000);
    assert.equal(wantedPort(''), 3000);
    assert.equal(wantedPort('4000'), 4000);
    for (const wrong of ['abc', '0', '65536', '30.5', '-1']) assert.throws(() => wantedPort(wrong), Plain);
  });

  it('that are taken are told with another to choose', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await freePort();
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
    assert.equal(await portState(port), 'taken');
    assert.notEqual(await freePort(port), port);
    await assert.rejects(requirePort(port), /is taken by another program.*PORT=\d+ FRESHET_DATA_DIR=/);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await freePort(port), port);
  });
});

describe('a lock between processes', () => {
  const file = path.join(folder, 'a.lock');

  it('is held by one, and named to the others', () => {
    assert.equal(takeLock(file), undefined);
    assert.equal(takeLock(file)?.pid, process.pid);
    releaseLock(file);
    assert.equal(lockHolder(file), undefined);
  });

  it('is taken over from a process that has ended, or whose pid another has got', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'before' }));
    assert.equal(takeLock(file), undefined);
    releaseLock(file);
  });

  it('lets work go one after the other', async () => {
    const seen = [];
    const work = (name) => () => new Promise((resolve) => setImmediate(() => resolve(seen.push(name))));
    await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
    assert.equal(seen.length, 2);
    assert.ok(!existsSync(file));
  });
});

describe('a recorded process', () => {
  it('is ended by its signal, and by SIGKILL when it does not obey', async () => {
    for (const script of ['', `process.on('SIGTERM', () => undefined);`]) {
      const child = spawn(process.execPath, [
        '-e',
        `${script} setInterval(() => undefined, 1000); console.log('up')`,
      ]);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const recorded = identify(child.pid);
      await endProcess(recorded, 'SIGTERM', 300);
      assert.ok(!isRunning(recorded));
    }
  });

  it('is never mistaken for another with its pid', async () => {
    const other = { pid: process.pid, startedAt: 'before' };
    assert.ok(!isRunning(other));
    await endProcess(other, 'SIGKILL', 10);
  });
});

describe('programs', () => {
  it('are found in order of their names, then of PATH', () => {
    const name = path.basename(process.execPath);
    assert.equal(
      findOnPath(['no-such-program', name], ['/nowhere', path.dirname(process.execPath)]),
      process.execPath,
    );
    assert.equal(findOnPath(['no-such-program'], ['/nowhere']), undefined);
  });
});
