/** A lock between processes: creating a folder succeeds for exactly one of them. */
import { mkdirSync, rmSync } from 'node:fs';

import { waitFor } from '../timing/wait-for';

export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await waitFor(() => tryLock(folder), { timeout: 60_000, what: `the lock ${folder}` });
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryLock(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
