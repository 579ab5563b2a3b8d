import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

import { memoryEnv } from './memory.mjs';
import { startService } from './service-processes.mjs';

/** What a service would be started with. */
async function envOf(name, env) {
  let started;
  const children = {
    start(child) {
      started = child;
      throw new Error('seen');
    },
  };
  const start = startService({ name, settings: { port: 3000 }, children, env, port: undefined });
  await assert.rejects(start, /seen/);
  return started.options.env;
}

describe('memory of services', () => {
  it('is limited for sync, by options that Node accepts, and left alone for the others', async () => {
    const { NODE_OPTIONS, MALLOC_ARENA_MAX, LOG_LEVEL } = await envOf('sync', { LOG_LEVEL: 'warn' });
    const program = `console.log(require('node:v8').getHeapStatistics().heap_size_limit / 1024 ** 2)`;
    const megabytes = Number(execFileSync(process.execPath, ['-e', program], { env: { NODE_OPTIONS } }));
    assert.ok(megabytes > 300 && megabytes < 500, `${megabytes} MB of heap at most`);
    assert.equal(MALLOC_ARENA_MAX, '2');
    assert.equal(LOG_LEVEL, 'warn');
    assert.deepEqual(await envOf('gateway', { LOG_LEVEL: 'warn' }), { LOG_LEVEL: 'warn' });
  });

  it('is what a person says, where they do', async () => {
    const own = { NODE_OPTIONS: '--max-old-space-size=2048', MALLOC_ARENA_MAX: '8' };
    const env = await envOf('sync', own);
    assert.ok(env.NODE_OPTIONS.endsWith(` ${own.NODE_OPTIONS}`));
    assert.equal(env.MALLOC_ARENA_MAX, '8');
    assert.deepEqual(memoryEnv('gateway', own), { NODE_OPTIONS: own.NODE_OPTIONS });
  });
});
