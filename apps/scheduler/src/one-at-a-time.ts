/** Lets a timer's work never overlap itself, and a failing round never end the next. */
import type { Log } from '@freshet/service-kit';

export const oneAtATime = (log: Log, what: string, work: () => Promise<void>): (() => Promise<void>) => {
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    try {
      await work();
    } catch (error) {
      log.warn({ err: error }, `${what} failed; the next round tries again`);
    } finally {
      running = false;
    }
  };
};
