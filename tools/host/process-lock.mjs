/** A lock file that names the process holding it; one left by a process that has ended is taken over. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { identify, isRunning } from './process-identity.mjs';

/** Takes the lock and returns undefined, or returns the identity of the running process that holds it. */
export function takeLock(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      try {
        linkSync(own, file);
        return undefined;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = lockHolder(file);
      if (holder) return holder;
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

export function releaseLock(file) {
  if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Runs the work while holding the lock, waiting for whoever has it; `onWait` is called once when it has to. */
export async function withLock(file, work, onWait = () => undefined) {
  for (let waited = false; ; waited = true) {
    const holder = takeLock(file);
    if (!holder) break;
    if (!waited) onWait(holder);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  try {
    return await work();
  } finally {
    releaseLock(file);
  }
}

/** The running process that holds the lock, if one does. */
export function lockHolder(file) {
  const holder = readHolder(file);
  return holder && isRunning(holder) ? holder : undefined;
}

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
