import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { testRunFolder } from '../processes/test-run';
import { Failpoints } from './failpoints';
import { spawnService } from './spawn-service';

const script = (source: string): string => {
  const file = path.join(mkdtempSync(path.join(testRunFolder(), 'script-')), 'main.mjs');
  writeFileSync(file, source);
  return file;
};

const answering = script(`
  import { createServer } from 'node:http';
  console.log('started with', process.env.MARK);
  process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
  createServer((request, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');
`);

describe('a service as its own process', () => {
  it('is ready when started, and says so again after a kill and a restart', async () => {
    const service = await spawnService({ name: 'answering', script: answering, env: { MARK: 'one' } });
    expect(await service.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    await expect(fetch(service.url)).rejects.toThrow();
    await service.restart({ MARK: 'two' });
    expect(await (await fetch(service.url)).text()).toBe('ok');
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(service.log).toBe('started with one\nstarted with two\nstopping\n');
  });

  it('has as little memory as npm start gives it, unless the test says otherwise', async () => {
    const telling = script(`
      import { createServer } from 'node:http';
      console.log(process.env.NODE_OPTIONS, process.env.MALLOC_ARENA_MAX);
      createServer((request, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1');
    `);
    const service = await spawnService({ name: 'sync', script: telling });
    await service.restart({ MALLOC_ARENA_MAX: '8' });
    await service.kill();
    expect(service.log).toMatch(/^--max-semi-space-size=\d+ --max-old-space-size=\d+ 2\n--max.* 8\n$/);
  });

  it('fails with what the service wrote when it ends at its start', async () => {
    const failing = script(`console.error('MASTER_KEY is missing'); process.exit(1);`);
    await expect(spawnService({ name: 'failing', script: failing })).rejects.toThrow('MASTER_KEY is missing');
  });
});

describe('failpoints', () => {
  it('are told to the service by one variable', () => {
    const failpoints = new Failpoints().arm('load.before-commit', { delay: 200 }).arm('publish', 'kill', 3);
    expect(failpoints.env.FRESHET_FAILPOINTS).toBe('load.before-commit=delay:200@1,publish=kill@3');
    expect(failpoints.disarm('publish').env.FRESHET_FAILPOINTS).toBe('load.before-commit=delay:200@1');
  });
});
