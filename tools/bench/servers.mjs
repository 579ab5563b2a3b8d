/** Servers of one run of the benchmarks: the PostgreSQL and Redis that `npm start` uses too, with its settings, and the built services. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { buildClient } from '../build/build-client.mjs';
import { buildServices } from '../build/build-services.mjs';
import { whileOthersWait } from '../host/install-packages.mjs';
import { freePort } from '../host/ports.mjs';
import { releaseLock, takeLock } from '../host/process-lock.mjs';
import { step } from '../host/progress.mjs';
import { lastLines, run } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { toolsFolder, workspace } from '../host/workspace.mjs';
import { Children } from '../start/children.mjs';
import { providePostgres } from '../start/postgres.mjs';
import { provideRedis } from '../start/redis.mjs';
import { remembered, secretsOf } from '../start/remembered.mjs';
import { serviceEnv, startServices } from '../start/service-processes.mjs';
import { services } from '../start/settings.mjs';

const folder = path.join(workspace, '.freshet-bench');
const lock = path.join(toolsFolder, 'bench.lock');
const stopOrder = [services, ['redis'], ['postgresql']];

/**
 * `{open, close}`. `open` begins with an empty database, ending and removing first what a killed run left, and answers
 * `{databaseUrl, masterKey, startServices}`; `close` may be called at any time.
 */
export function benchServers() {
  const logs = path.join(folder, 'logs');
  const children = new Children({ folder, logs });
  let locked = false;

  async function open() {
    const holder = takeLock(lock);
    if (holder)
      throw new Plain(`A benchmark runs already (process ${holder.pid}): wait for its end, or stop it.`);
    locked = true;
    await children.sweep(stopOrder);
    removeData();
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    mkdirSync(logs, { mode: 0o700 });
    // `demo` lifts the limits that are for people.
    const settings = { folder, logs, demo: true, port: await freePort() };
    const secrets = secretsOf(folder);
    await whileOthersWait(async () => {
      await step('Building the services', buildServices, { quick: true });
      await step('Building the client', buildClient, { quick: true });
    });
    const start = () => providePostgres({ settings, secrets, children });
    const databaseUrl = await step('Starting PostgreSQL', start);
    const envWith = (redisUrl) => serviceEnv({ settings, secrets, databaseUrl, redisUrl });
    await step('Migrating the database', () => migrate(envWith('redis://127.0.0.1:6379')));
    const runServices = () =>
      step('Starting Redis, gateway, sync, refresh and scheduler', async () => {
        const redisUrl = await provideRedis({ settings, children });
        await startServices({ settings, children, env: envWith(redisUrl) });
        return `http://127.0.0.1:${settings.port}`;
      });
    return { databaseUrl, masterKey: secrets.masterKey, startServices: runServices };
  }

  async function close() {
    if (!locked) return;
    await children.stopAll(stopOrder, 15_000);
    removeData();
    releaseLock(lock);
  }

  return { open, close };
}

function removeData() {
  const { cluster } = existsSync(folder) ? remembered(folder) : {};
  for (const used of [cluster, folder]) if (used) rmSync(used, { recursive: true, force: true });
}

/** The settings of all services name a Redis, which migrating does not use. */
async function migrate(env) {
  const args = ['--enable-source-maps', path.join('dist/apps/gateway/migrate.js')];
  const { code, output } = await run(process.execPath, args, { cwd: workspace, env });
  if (code !== 0) throw new Plain(`The database could not be migrated:\n${lastLines(output, 20)}`);
}
