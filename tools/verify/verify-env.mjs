/** Which installation is looked at: the one that the settings name, else the one that `npm start` runs from the data folder. */
import path from 'node:path';

import { Plain } from '../host/stop-with-sentence.mjs';
import { readJson } from '../start/remembered.mjs';

/** The settings of the checker. Redis is never asked, and services' settings need not be given for it. */
export function verifyEnv(given, folder) {
  const secrets = readJson(path.join(folder, 'secrets.json'));
  const env = {
    REDIS_URL: 'redis://127.0.0.1:6379',
    ...(secrets ? { FRESHET_MASTER_KEY: secrets.masterKey } : {}),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
  };
  return { ...env, DATABASE_URL: env.DATABASE_URL ?? ownDatabase(folder, secrets) };
}

function ownDatabase(folder, secrets) {
  const { postgresPort } = readJson(path.join(folder, 'state.json')) ?? {};
  if (!secrets || !postgresPort) {
    throw new Plain(
      `There is no installation in ${folder}: run npm start first, with the same FRESHET_DATA_DIR, or set DATABASE_URL and FRESHET_MASTER_KEY to look at another.`,
    );
  }
  return `postgresql://freshet:${secrets.databasePassword}@127.0.0.1:${postgresPort}/freshet`;
}
