/** Looks whether there is room before something is half written. */
import { existsSync, statfsSync } from 'node:fs';
import path from 'node:path';

import { Plain } from './stop-with-sentence.mjs';

const GIGABYTE = 1024 ** 3;

export function requireSpace(folder, gigabytes, forWhat) {
  let existing = folder;
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = (bavail * bsize) / GIGABYTE;
  if (free >= gigabytes) return;
  throw new Plain(
    `Only ${free.toFixed(1)} GB are free on the disk of ${folder}, and ${forWhat} needs ${gigabytes} GB: free some space and start again.`,
  );
}
