/** Bundles the run, which is TypeScript and uses the test tools as specs do, into dist. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

import { bundleOptions } from '../build/service-bundle.mjs';
import { workspace } from '../host/workspace.mjs';

const source = path.join(workspace, 'apps/e2e/src/chaos');
/** As deep as the sources are: the test tools look for the checkout from where they are. */
const outdir = path.join(workspace, 'dist/e2e/src/chaos');

/** Returns the bundle's exports: `{chaos}`. */
export async function bundledChaos() {
  await build({
    ...bundleOptions('e2e'),
    entryPoints: [path.join(source, 'main.ts')],
    outbase: source,
    outdir,
    define: { __dirname: 'import.meta.dirname' },
    banner: {
      js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`,
    },
    logLevel: 'error',
  });
  return import(pathToFileURL(path.join(outdir, 'main.js')).href);
}
