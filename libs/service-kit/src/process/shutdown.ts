/** A service that was told to stop gets a while to finish what it holds, and no longer. */
import type { Log } from '../logging/log';

const longest = 25_000;

/** After a first SIGTERM or SIGINT the process ends within 25 s, whatever hangs; a second one ends it at once. */
export function limitShutdown(log: Log): void {
  let told = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (told) process.exit(1);
    told = true;
    log.info({ signal }, 'Stopping');
    setTimeout(() => {
      log.error('Stopping took too long: what was still held is left to its lease');
      process.exit(1);
    }, longest).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
