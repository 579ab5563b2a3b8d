/** What one start works with: read from the environment once, checked before anything is done. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';

import { requireSpace } from '../host/disk-space.mjs';
import { wantedPort } from '../host/ports.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { dataFolder } from '../host/workspace.mjs';

export const services = ['gateway', 'sync', 'refresh', 'scheduler'];

export function readSettings(env = process.env) {
  const folder = dataFolder();
  return {
    port: wantedPort(env.PORT),
    folder,
    demo: !['0', 'false'].includes(env.FRESHET_DEMO ?? ''),
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    logs: path.join(folder, 'logs'),
  };
}

/** The folder may be entered by all, since PostgreSQL runs as another user when root starts it; its secrets may not be read. */
export function prepareFolder({ folder, logs }) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(error.code)) throw error;
    throw new Plain(
      `The data folder ${folder} can't be written (${error.code}): set FRESHET_DATA_DIR to a folder that can.`,
    );
  }
  requireSpace(folder, 1, 'the data folder');
}
