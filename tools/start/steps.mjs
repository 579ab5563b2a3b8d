/** The steps of a start, in order; each may add to what the next ones know. */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { buildClient } from '../build/build-client.mjs';
import { buildServices } from '../build/build-services.mjs';
import { whileOthersWait } from '../host/install-packages.mjs';
import { requirePort } from '../host/ports.mjs';
import { lastLines, run } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { workspace } from '../host/workspace.mjs';
import { forgetDemoFile, seedDemo, startDemoFiles, writeDemoFile } from './demo.mjs';
import { providePostgres } from './postgres.mjs';
import { provideRedis } from './redis.mjs';
import { secretsOf } from './remembered.mjs';
import { startSandbox } from './sandbox.mjs';
import { serviceEnv, startServices } from './service-processes.mjs';

export const steps = [
  {
    title: 'Building services and client',
    run: async () => {
      await whileOthersWait(async () => {
        await buildServices();
        await buildClient();
      });
    },
  },
  {
    title: 'Starting PostgreSQL',
    run: async (start) => ({
      databaseUrl: await providePostgres({ ...start, secrets: secretsOf(start.settings.folder) }),
    }),
  },
  { title: 'Starting Redis', run: async (start) => ({ redisUrl: await provideRedis(start) }) },
  {
    title: 'Migrating the database',
    run: async (start) => {
      const env = serviceEnv({ ...start, secrets: secretsOf(start.settings.folder) });
      await runScript('migrate', env, 'The database could not be migrated');
      return { env };
    },
  },
  {
    title: "Starting the demo's vendors",
    when: ({ settings }) => settings.demo,
    run: async (start) => {
      const vendors = await startSandbox({ ...start, secrets: secretsOf(start.settings.folder) });
      // What a person set goes before the sandbox: real accounts can be tried beside it.
      return { env: { ...vendors, ...start.env } };
    },
  },
  {
    title: 'Starting gateway, sync, refresh and scheduler',
    run: async (start) => {
      await requirePort(start.settings.port);
      await startServices(start);
    },
  },
  {
    title: 'Preparing the demo',
    when: ({ settings }) => settings.demo,
    run: async (start) => {
      const files = await startDemoFiles(start);
      const access = await seedDemo({ ...start, filesUrl: files.url });
      return { files, access };
    },
  },
];

export const beforeSteps = forgetDemoFile;

/** Written last: whoever finds it may begin. */
export function afterSteps(start) {
  if (start.access) writeDemoFile(start);
}

async function runScript(name, env, failure) {
  const script = path.join('dist/apps/gateway', `${name}.js`);
  if (!existsSync(path.join(workspace, script)))
    throw new Plain(`${script} was not built: apps/gateway/src/${name}.ts is missing.`);
  const { code, output } = await run(process.execPath, ['--enable-source-maps', script], {
    cwd: workspace,
    env,
  });
  if (code !== 0) throw new Plain(`${failure}:\n${lastLines(output, 20)}`);
}
