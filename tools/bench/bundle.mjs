/** Bundles the cases, which are TypeScript and use the libraries as the services do, into dist/bench. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

import { bundleOptions } from '../build/service-bundle.mjs';
import { workspace } from '../host/workspace.mjs';

const source = path.join(workspace, 'apps/e2e/src/bench');
const outdir = path.join(workspace, 'dist/bench');

/** Returns the bundle's exports: `{cases, runBench}`. */
export async function bundledCases() {
  await build({
    ...bundleOptions('e2e'),
    entryPoints: [path.join(source, 'main.ts')],
    outbase: source,
    outdir,
    // The test tools are bundled with it and look for the checkout from where they are.
    define: { __dirname: 'import.meta.dirname' },
    logLevel: 'error',
  });
  return import(pathToFileURL(path.join(outdir, 'main.js')).href);
}
