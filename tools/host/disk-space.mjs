/** Looks whether there is room before something is half written. */
// The whole module, since a Node that is too old shall get as far as saying so.
import fs from 'node:fs';
import path from 'node:path';

import { Plain } from './stop-with-sentence.mjs';

const GIGABYTE = 1024 ** 3;

export function requireSpace(folder, gigabytes, forWhat) {
  let existing = folder;
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = fs.statfsSync(existing);
  const free = (bavail * bsize) / GIGABYTE;
  if (free >= gigabytes) return;
  throw new Plain(
    `Only ${free.toFixed(1)} GB are free on the disk of ${folder}, and ${forWhat} needs ${gigabytes} GB: free some space and start again.`,
  );
}
