/** `node tools/build/build-service.mjs <app…>`: builds services into dist/apps/<app>. */
import { rmSync } from 'node:fs';
import { build, formatMessages } from 'esbuild';

import { Plain } from '../host/stop-with-sentence.mjs';
import { bundleOptions } from './service-bundle.mjs';

/** Throws one Plain error that shows all faults with their place. */
export async function buildService(app) {
  const options = bundleOptions(app);
  if (!options.entryPoints.some((file) => file.endsWith('main.ts')))
    throw new Plain(`apps/${app}/src/main.ts is missing: there is no service ${app} to build.`);
  try {
    const { warnings } = await build({ ...options, write: true });
    for (const text of await formatMessages(warnings, { kind: 'warning' })) console.error(text);
  } catch (error) {
    if (!error.errors) throw error;
    const faults = await formatMessages(error.errors, { kind: 'error' });
    throw new Plain(`${app} does not build:\n${faults.join('')}`);
  }
}

if (import.meta.main) {
  for (const app of process.argv.slice(2)) {
    rmSync(bundleOptions(app).outdir, { recursive: true, force: true });
    await buildService(app).catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
  }
}
