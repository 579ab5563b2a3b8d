import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { armFailpoints, failpoint } from './failpoints';

describe('failpoints', () => {
  afterEach(() => armFailpoints(undefined));

  it('cost nothing while none is armed', () => {
    expect(failpoint('load.before-commit')).toBeUndefined();
  });

  it('throw at the visit that is named, and at no other', async () => {
    armFailpoints('load.before-commit=throw@2');
    await failpoint('load.before-commit');
    await failpoint('load.after-commit');
    await expect(failpoint('load.before-commit')).rejects.toThrow('Failpoint load.before-commit');
    await failpoint('load.before-commit');
  });

  it('delay by what is told', async () => {
    armFailpoints('sync.after-claim=delay:30,sync.after-end=throw');
    const startedAt = performance.now();
    await failpoint('sync.after-claim');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(28);
  });

  it('kill the process before anything behind them runs', () => {
    const program = `
      const { register } = require('@swc-node/register/register'); register();
      const { armFailpoints, failpoint } = require(${JSON.stringify(path.join(__dirname, 'failpoints.ts'))});
      armFailpoints('sync.before-end=kill');
      (async () => { console.log('before'); await failpoint('sync.before-end'); console.log('behind'); })();`;
    const { signal, stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: 'before\n' });
  });

  it('refuse a text that says nothing known', () => {
    expect(() => armFailpoints('sync.after-claim=explode')).toThrow(/FRESHET_FAILPOINTS/);
  });

  it('refuse a name that no service visits, and tell those there are', () => {
    expect(() => armFailpoints('load.before-comit=kill')).toThrow(
      /load\.before-comit, which is no failpoint.*load\.before-commit/,
    );
  });
});
