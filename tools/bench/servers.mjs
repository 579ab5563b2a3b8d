/** Servers of one run of the benchmarks: the PostgreSQL and Redis that `npm start` uses too, with its settings, and the built services. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { buildServices } from '../build/build-services.mjs';
import { whileOthersWait } from '../host/install-packages.mjs';
import { freePort } from '../host/ports.mjs';
import { releaseLock, takeLock } from '../host/process-lock.mjs';
import { step } from '../host/progress.mjs';
import { lastLines, run } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { workspace } from '../host/workspace.mjs';
import { Children } from '../start/children.mjs';
import { providePostgres } from '../start/postgres.mjs';
import { provideRedis } from '../start/redis.mjs';
import { remembered, secretsOf } from '../start/remembered.mjs';
import { serviceEnv, startServices } from '../start/service-processes.mjs';
import { services } from '../start/settings.mjs';

const folder = path.join(workspace, '.freshet-bench');
const lock = `${folder}.lock`;
const stopOrder = [services, ['redis'], ['postgresql']];

/** Begins with an empty database; what a run that was killed left is ended and removed first. */
export async function openServers() {
  const holder = takeLock(lock);
  if (holder)
    throw new Plain(`A benchmark runs already (process ${holder.pid}): wait for its end, or stop it.`);
  const logs = path.join(folder, 'logs');
  const children = new Children({ folder, logs });
  await children.sweep(stopOrder);
  removeData();
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  mkdirSync(logs, { mode: 0o700 });
  // `demo` lifts the limits that are for people.
  const settings = { folder, logs, demo: true, port: await freePort() };
  const servers = {
    secrets: secretsOf(folder),
    close: async () => {
      await children.stopAll(stopOrder, 15_000);
      removeData();
      releaseLock(lock);
    },
  };
  try {
    await step('Starting PostgreSQL', async () => {
      servers.databaseUrl = await providePostgres({ settings, secrets: servers.secrets, children });
    });
    await whileOthersWait(() => step('Building the services', buildServices));
    const env = () => serviceEnv({ settings, ...servers });
    await step('Migrating the database', () => migrate(env()));
    servers.startServices = () =>
      step('Starting Redis, gateway, sync, refresh and scheduler', async () => {
        servers.redisUrl = await provideRedis({ settings, children });
        await startServices({ settings, children, env: env() });
        return `http://127.0.0.1:${settings.port}`;
      });
    return servers;
  } catch (error) {
    await servers.close();
    throw error;
  }
}

function removeData() {
  const { cluster } = existsSync(folder) ? remembered(folder) : {};
  for (const used of [cluster, folder]) if (used) rmSync(used, { recursive: true, force: true });
}

/** The services' settings want a Redis, which migrating does not use. */
async function migrate(env) {
  const script = path.join('dist/apps/gateway/migrate.js');
  const { code, output } = await run(process.execPath, ['--enable-source-maps', script], {
    cwd: workspace,
    env: { ...env, REDIS_URL: 'redis://127.0.0.1:6379' },
  });
  if (code !== 0) throw new Plain(`The database could not be migrated:\n${lastLines(output, 20)}`);
}
