/** Holds a service still while something else has to come first: what it would do next is done afterwards. */
import type { RunningService } from '@freshet/testing';

export const whilePaused = async <T>({ pid }: RunningService, work: () => Promise<T>): Promise<T> => {
  if (pid === undefined) throw new Error('Only a running service can be paused.');
  process.kill(pid, 'SIGSTOP');
  try {
    return await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
};
