/** Starts the four services and waits until each says that it is ready. */
import path from 'node:path';

import { freePort } from '../host/ports.mjs';
import { workspace } from '../host/workspace.mjs';
import { memoryEnv } from './memory.mjs';
import { remember, remembered } from './remembered.mjs';
import { services } from './settings.mjs';
import { waitUntil } from './wait-until.mjs';

/** What every service is told. The person's own variables come through, except those of npm and those set here. */
export function serviceEnv({ settings, secrets, databaseUrl, redisUrl }) {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const allowed = [own.FRESHET_ALLOW_HOSTS, settings.demo ? '127.0.0.1,localhost' : '']
    .filter(Boolean)
    .join(',');
  return {
    LOG_LEVEL: 'warn',
    FRESHET_PUBLIC_URL: `http://127.0.0.1:${settings.port}`,
    FRESHET_MASTER_KEY: secrets.masterKey,
    ...own,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PORT: String(settings.port),
    FRESHET_ALLOW_HOSTS: allowed,
    FRESHET_DEMO: settings.demo ? '1' : '0',
  };
}

export async function startServices({ settings, children, env }) {
  const known = remembered(settings.folder).healthPorts ?? {};
  const healthPorts = {};
  for (const name of services.filter((service) => service !== 'gateway'))
    healthPorts[name] = await freePort(known[name]);
  remember(settings.folder, { healthPorts });
  await Promise.all(
    services.map((name) => startService({ name, settings, children, env, port: healthPorts[name] })),
  );
}

/** The gateway listens on PORT, the others serve only their health on a port of their own. */
export async function startService({ name, settings, children, env, port }) {
  const url = `http://127.0.0.1:${port ?? settings.port}/health/ready`;
  const ready = (started) => waitUntil(started, async () => (await fetch(url)).ok, 90_000);
  const entry = children.start({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', path.join('dist/apps', name, 'main.js')],
    options: {
      cwd: workspace,
      env: { ...env, ...memoryEnv(name, env), ...(port ? { HEALTH_PORT: String(port) } : {}) },
    },
    signal: 'SIGTERM',
    ready,
  });
  await ready(entry);
}
