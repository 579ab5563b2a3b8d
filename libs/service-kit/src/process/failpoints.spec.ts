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
    await failpoint('elsewhere');
    await expect(failpoint('load.before-commit')).rejects.toThrow('Failpoint load.before-commit');
    await failpoint('load.before-commit');
  });

  it('delay by what is told', async () => {
    armFailpoints('a=delay:30,b=throw');
    const startedAt = performance.now();
    await failpoint('a');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(28);
  });

  it('kill the process before anything behind them runs', () => {
    const program = `
      const { register } = require('@swc-node/register/register'); register();
      const { armFailpoints, failpoint } = require(${JSON.stringify(path.join(__dirname, 'failpoints.ts'))});
      armFailpoints('here=kill');
      (async () => { console.log('before'); await failpoint('here'); console.log('behind'); })();`;
    const { signal, stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: 'before\n' });
  });

  it('refuse a text that says nothing known', () => {
    expect(() => armFailpoints('a=explode')).toThrow(/FRESHET_FAILPOINTS/);
  });
});
