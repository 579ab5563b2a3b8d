/** Waits until a started process answers, or says why it never will. */
import { readFileSync } from 'node:fs';

import { lastLines } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';

/** Asks every 50 ms. Fails when the process ends first or `timeout` ms are over, with the last lines of its log. */
export async function waitUntil(entry, answers, timeout) {
  let ended;
  entry.ended.then(({ why }) => (ended = why));
  for (const last = Date.now() + timeout; ;) {
    if (await answers().catch(() => false)) return;
    if (ended) throw new Plain(`${entry.name} ended while starting (${ended}).${tail(entry.log)}`);
    if (Date.now() > last)
      throw new Plain(`${entry.name} did not become ready within ${timeout / 1000} s.${tail(entry.log)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function tail(log) {
  const text = lastLines(readFileSync(log, 'utf8').slice(-20_000), 15);
  if (/No space left on device|ENOSPC/.test(text))
    return ` The disk is full: free some space and start again.`;
  return ` The end of ${log}:\n${text}`;
}
