/** `npm start`: from a bare clone to a running Freshet, without a question. Ctrl-C ends all that it started. */
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { requirePort } from '../host/ports.mjs';
import { lockHolder } from '../host/process-lock.mjs';
import { endCommands } from '../host/run-command.mjs';
import { explain } from '../host/stop-with-sentence.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { prepareFolder, readSettings } from './settings.mjs';

try {
  requireNodeToBegin();
  const settings = readSettings();
  if (!process.env.FRESHET_SUPERVISED) {
    prepareFolder(settings);
    await complainEarly(settings);
    await interruptible(() => whileOthersWait(installPackages));
  }
  await continueInNode24();
  const { runFreshet } = await import('./run-freshet.mjs');
  await runFreshet(settings);
} catch (error) {
  process.exit(explain(error));
}

/** A taken port is told before minutes of installing; what a killed start left on it is ended later. */
async function complainEarly({ folder, port }) {
  const leftovers = existsSync(path.join(folder, 'processes.json'));
  if (!leftovers && !lockHolder(path.join(folder, 'running.lock'))) await requirePort(port);
}

/** Ends the commands it runs when this process is told to end. */
async function interruptible(work) {
  const end = () => void endCommands().then(() => process.exit(130));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.once(signal, end);
  await work();
  for (const signal of signals) process.off(signal, end);
}
