/** Tells whether what was built is still what the sources say. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { workspace } from '../host/workspace.mjs';

const isTest = (name) => /\.(int-)?spec\.ts$/.test(name);

/** A hash over the names and contents of all files in these files and folders, tests left out. */
export function hashSources(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((name) => listFiles(path.join(workspace, name))).sort())
    hash
      .update(`${path.relative(workspace, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

const stampOf = (name) => path.join(workspace, 'dist', `.${name}.stamp`);

/** Lets the next `buildWhenChanged` of this name build in any case. */
export const forgetBuild = (name) => rmSync(stampOf(name), { force: true });

/** Builds unless `outputs` are there and `sources` are as they were at the last build; tells whether it built. */
export async function buildWhenChanged({ name, sources, outputs, build }) {
  const stamp = stampOf(name);
  const wanted = hashSources(sources);
  const there = outputs.every((file) => existsSync(path.join(workspace, file)));
  if (there && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  await build();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return true;
}

function listFiles(file) {
  if (!existsSync(file)) return [];
  if (statSync(file).isFile()) return isTest(file) ? [] : [file];
  return readdirSync(file).flatMap((name) => listFiles(path.join(file, name)));
}
