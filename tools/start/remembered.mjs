/** What a data folder remembers from one start to the next: ports, the cluster's place, secrets. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Replaces a file whole, so that a kill or a full disk never leaves half of one. */
export function writeWhole(file, content, mode = 0o600) {
  const draft = `${file}.${process.pid}.new`;
  const handle = openSync(draft, 'w', mode);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

export const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

export const writeJson = (file, value) => writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);

/** Adds to `<data folder>/state.json`: `{postgresPort, redisPort, filesPort, healthPorts, cluster}`. */
export function remember(folder, additions) {
  const file = path.join(folder, 'state.json');
  writeJson(file, { ...readJson(file), ...additions });
}

export const remembered = (folder) => readJson(path.join(folder, 'state.json')) ?? {};

/** `{masterKey, databasePassword}`: made at the first start, readable by the owner only. */
export function secretsOf(folder) {
  const file = path.join(folder, 'secrets.json');
  const known = readJson(file);
  if (known) return known;
  const made = {
    masterKey: randomBytes(48).toString('base64'),
    databasePassword: randomBytes(24).toString('base64url'),
  };
  writeJson(file, made);
  return made;
}
