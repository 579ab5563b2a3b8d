/** Fills an empty installation with the demo and says in `<data folder>/demo.json` how to get in. */
import path from 'node:path';
import { rmSync } from 'node:fs';

import { serveDemoFiles } from '../demo/file-server.mjs';
import { say } from '../host/progress.mjs';
import { lastLines, run } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { workspace } from '../host/workspace.mjs';
import { freePort, portState } from '../host/ports.mjs';
import { readJson, remember, remembered, writeJson } from './remembered.mjs';

export const demoFile = (folder) => path.join(folder, 'demo.json');

/** Until everything is ready nobody shall find a demo.json and believe so. */
export const forgetDemoFile = ({ settings }) => rmSync(demoFile(settings.folder), { force: true });

/** Serves the demo's files on the port that the demo's sources know, and returns their URL without a slash at its end. */
export async function startDemoFiles({ settings }) {
  const known = remembered(settings.folder).filesPort;
  if (known && (await portState(known)) !== 'free') {
    say(
      `! Port ${known}, where the demo's files are served, is taken by another program: its sources can't sync until you free it and start again.`,
    );
    return { url: `http://127.0.0.1:${known}`, close: () => undefined };
  }
  const port = known ?? (await freePort());
  remember(settings.folder, { filesPort: port });
  return serveDemoFiles({ folder: path.join(settings.folder, 'demo-files'), port });
}

/**
 * Runs the gateway's seeding. Its last line of output is one JSON object: what a person needs to sign in, in full when
 * it seeded, `{}` when everything was there. Passwords and keys are stored hashed, so what it said first is kept.
 */
export async function seedDemo({ settings, env, filesUrl }) {
  const keptFile = path.join(settings.folder, 'demo-access.json');
  const kept = readJson(keptFile);
  const { code, output } = await run(
    process.execPath,
    ['--enable-source-maps', 'dist/apps/gateway/seed-demo.js'],
    {
      cwd: workspace,
      env: {
        ...env,
        FRESHET_DEMO_FILES_URL: filesUrl,
        FRESHET_GATEWAY_URL: `http://127.0.0.1:${settings.port}`,
        FRESHET_DEMO_ACCESS: kept ? JSON.stringify(kept) : '',
      },
    },
  );
  const line = lastLines(output, 1);
  if (code !== 0 || !line.startsWith('{'))
    throw new Plain(`The demo could not be seeded:\n${lastLines(output, 20)}`);
  const access = { ...kept, ...JSON.parse(line) };
  writeJson(keptFile, access);
  return access;
}

export function writeDemoFile({ settings, access }) {
  writeJson(demoFile(settings.folder), { url: `http://127.0.0.1:${settings.port}`, ...access });
}
