import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { verifyEnv } from './verify-env.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'freshet-verify-'));
after(() => rmSync(folder, { recursive: true }));

test('without an installation it says how to get one', () => {
  assert.throws(() => verifyEnv({}, folder), /run npm start first/);
});

test('what a start remembered is looked at without any setting', () => {
  writeFileSync(path.join(folder, 'state.json'), JSON.stringify({ postgresPort: 5544 }));
  writeFileSync(
    path.join(folder, 'secrets.json'),
    JSON.stringify({ masterKey: 'key', databasePassword: 'word' }),
  );
  const env = verifyEnv({ DATABASE_URL: '' }, folder);
  assert.equal(env.DATABASE_URL, 'postgresql://freshet:word@127.0.0.1:5544/freshet');
  assert.equal(env.FRESHET_MASTER_KEY, 'key');
});

test('settings go before what is remembered', () => {
  const given = { DATABASE_URL: 'postgresql://other/db', FRESHET_MASTER_KEY: 'own' };
  assert.deepEqual({ ...verifyEnv(given, folder), REDIS_URL: undefined }, { ...given, REDIS_URL: undefined });
});
