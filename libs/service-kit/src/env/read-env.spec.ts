import { z } from 'zod';
import { baseEnv, developmentMasterKey } from './base-env';
import { EnvironmentError, readEnv } from './read-env';

const good = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://admin:hunter22@127.0.0.1:5432/freshet',
  REDIS_URL: 'redis://127.0.0.1:6379',
  FRESHET_MASTER_KEY: 'x'.repeat(32),
};

const faultsOf = (source: NodeJS.ProcessEnv, schema = baseEnv): readonly string[] => {
  try {
    readEnv(schema, source);
    return [];
  } catch (error) {
    return (error as EnvironmentError).sentences;
  }
};

describe('reading the settings', () => {
  it('gives typed values, defaults and what follows from them', () => {
    const env = readEnv(baseEnv, {
      ...good,
      FRESHET_ALLOW_HOSTS: '127.0.0.1, ::1',
      FRESHET_DEMO: '1',
      PORT: '8080',
    });
    expect(env).toMatchObject({
      PORT: 8080,
      FRESHET_ALLOW_HOSTS: ['127.0.0.1', '::1'],
      limitFactor: 1_000,
      LOG_LEVEL: 'info',
    });
    expect(readEnv(baseEnv, good).limitFactor).toBe(1);
  });

  it('names everything that is wrong at once, and never a value', () => {
    const sentences = faultsOf({
      ...good,
      NODE_ENV: 'secret-mode',
      DATABASE_URL: 'mysql://root:hunter22@db',
      REDIS_URL: '',
      FRESHET_MASTER_KEY: 'tooshort',
      PORT: '99999',
      FRESHET_DEMO: 'perhaps',
    });
    expect(sentences.map((sentence) => sentence.split(' ', 1)[0]).sort()).toEqual([
      'DATABASE_URL',
      'FRESHET_DEMO',
      'FRESHET_MASTER_KEY',
      'NODE_ENV',
      'PORT',
      'REDIS_URL',
    ]);
    expect(sentences.join('\n')).not.toMatch(/secret-mode|hunter22|tooshort|99999|perhaps/);
  });

  it('names the variables that a service adds', () => {
    const schema = baseEnv.extend({ SYNC_WORKERS: z.coerce.number().int() });
    expect(faultsOf({ ...good, SYNC_WORKERS: 'many' }, schema)).toEqual(['SYNC_WORKERS is not valid.']);
  });

  it.each(['development', 'test'])('has a master key of its own in %s', (mode) => {
    expect(readEnv(baseEnv, { ...good, NODE_ENV: mode, FRESHET_MASTER_KEY: '' }).FRESHET_MASTER_KEY).toBe(
      developmentMasterKey,
    );
  });

  it.each([
    ['missing', '', /must be set/],
    ['short', 'x'.repeat(31), /too short/],
    ['the one for development', developmentMasterKey, /for development/],
  ])('refuses a master key in production that is %s', (_, key, sentence) => {
    expect(faultsOf({ ...good, FRESHET_MASTER_KEY: key })).toEqual([expect.stringMatching(sentence)]);
  });

  it('takes production for granted when the mode is not told', () => {
    expect(faultsOf({ ...good, NODE_ENV: undefined, FRESHET_MASTER_KEY: developmentMasterKey })).toHaveLength(
      1,
    );
  });

  it.each([
    ['FRESHET_FAILPOINTS', 'x=kill'],
    ['FRESHET_CLOCK', '2026-03-11T12:00:00Z*600'],
  ])('refuses %s outside tests', (name, value) => {
    expect(faultsOf({ ...good, [name]: value })).toEqual([expect.stringMatching(`^${name} is for tests`)]);
    expect(faultsOf({ ...good, NODE_ENV: 'test', [name]: value })).toEqual([]);
  });

  it.each(['600', '2026-03-11*600', '2026-03-11T12:00:00Z*0', '2026-03-11T12:00:00Z'])(
    'knows no pace of time such as %s',
    (value) => {
      const faults = faultsOf({ ...good, NODE_ENV: 'test', FRESHET_CLOCK: value });
      expect(faults).toEqual([expect.stringMatching(/^FRESHET_CLOCK must be a time and a factor/)]);
    },
  );
});
