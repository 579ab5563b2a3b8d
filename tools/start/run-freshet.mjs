/** One running Freshet: takes the data folder, goes through the steps, and stops everything in good order. */
import { rmSync } from 'node:fs';
import path from 'node:path';

import { releaseLock, takeLock } from '../host/process-lock.mjs';
import { requirePort } from '../host/ports.mjs';
import { say, step } from '../host/progress.mjs';
import { endCommands } from '../host/run-command.mjs';
import { explain, Plain } from '../host/stop-with-sentence.mjs';
import { Children } from './children.mjs';
import { readJson, writeJson } from './remembered.mjs';
import { services } from './settings.mjs';
import { afterSteps, beforeSteps, steps } from './steps.mjs';

/** Services first, since they still write; then the queues; the database last. */
const STOP_ORDER = [services, ['sandbox'], ['redis'], ['postgresql']];

/** Does not return while Freshet runs; ends the process when it is stopped. */
export async function runFreshet(settings, { extraSteps = [] } = {}) {
  const lock = path.join(settings.folder, 'running.lock');
  await takeFolder(lock, settings);
  const children = new Children(settings);
  const start = { settings, children };
  let stopping;
  const stop = (why) => (stopping ??= stopEverything({ start, lock, why }));
  onStopSignals(stop);
  try {
    beforeSteps(start);
    const left = await children.sweep(STOP_ORDER);
    if (left.length) say(`· Ended what a killed start had left: ${left.join(', ')}`);
    await requirePort(settings.port);
    for (const { title, when = () => true, run } of [...steps, ...extraSteps]) {
      if (stopping) break;
      if (when(start)) Object.assign(start, await step(title, () => run(start)));
    }
    if (stopping) return await stopping;
    for (const name of [...services, 'sandbox', 'redis', 'postgresql']) children.supervise(name);
    afterSteps(start);
    say(`\nFreshet is ready at http://127.0.0.1:${settings.port}`);
    sayHowToEnter(start);
  } catch (error) {
    if (stopping) return stopping;
    process.exitCode = explain(error);
    await stop('');
  }
}

/** A copy that is just being stopped is waited for; one that runs is named. */
async function takeFolder(lock, { folder }) {
  const deadline = Date.now() + 30_000;
  for (let holder = takeLock(lock); holder; holder = takeLock(lock)) {
    if (!readJson(`${lock}.stopping`) || Date.now() > deadline) {
      throw new Plain(
        `Freshet runs already in ${folder} (process ${holder.pid}): use that, stop it with Ctrl-C or "kill ${holder.pid}", ` +
          `or start another copy by PORT=… FRESHET_DATA_DIR=… npm start`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  rmSync(`${lock}.stopping`, { force: true });
}

async function stopEverything({ start, lock, why }) {
  if (why) say(`\nStopping (${why}) …`);
  writeJson(`${lock}.stopping`, { since: new Date() });
  await endCommands();
  await start.files?.close();
  await start.children.stopAll(STOP_ORDER, 15_000);
  rmSync(`${lock}.stopping`, { force: true });
  releaseLock(lock);
  if (why) say('Stopped.');
  process.exit();
}

function onStopSignals(stop) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(signal));
  // npm and the Node that began pass signals on, but may themselves be killed: then nobody is left to stop this.
  if (!process.env.npm_lifecycle_event && !process.env.FRESHET_SUPERVISED) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop('its parent process ended'), 1000).unref();
}

function sayHowToEnter({ settings, access }) {
  if (access?.email) say(`  Sign in as ${access.email} with the password ${access.password}`);
  else say('  Open it and create the first account.');
  if (access) say('  npm run demo:tick lets its files grow: watch the dashboards follow.');
  say(`  Data and logs are in ${settings.folder}. Ctrl-C stops it; starting again finds the data as it was.`);
}
