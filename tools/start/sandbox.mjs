/** Starts the vendors' sandbox of the demo, and learns from it where the vendors are. */
import path from 'node:path';

import { freePort } from '../host/ports.mjs';
import { workspace } from '../host/workspace.mjs';
import { remember, remembered } from './remembered.mjs';
import { waitUntil } from './wait-until.mjs';

const NAMES = [
  'directory', 'google-identity', 'meta-identity', 'google-analytics', 'google-ads', 'google-ad-manager', 'bigquery', 'klaviyo', 'meta-ads',
  'actblue', 'switchboard', 'clienttether',
]; // prettier-ignore

/** @returns variables for the services' environment, by name */
export async function startSandbox({ settings, children, secrets }) {
  const known = remembered(settings.folder).sandboxPorts ?? {};
  const ports = {};
  for (const name of NAMES) ports[name] = await freePort(known[name]);
  remember(settings.folder, { sandboxPorts: ports });
  const url = `http://127.0.0.1:${ports.directory}/`;
  const ready = (started) => waitUntil(started, async () => (await fetch(url)).ok, 60_000);
  const entry = children.start({
    name: 'sandbox',
    command: process.execPath,
    args: ['--enable-source-maps', path.join('dist/apps/sandbox/main.js')],
    options: {
      cwd: workspace,
      env: {
        ...process.env,
        SANDBOX_PORTS: JSON.stringify(ports),
        SANDBOX_SECRET: secrets.masterKey,
        SANDBOX_FOLDER: settings.folder,
      },
    },
    signal: 'SIGTERM',
    ready,
  });
  await ready(entry);
  return (await (await fetch(url)).json()).settings;
}
