/** Bundles a program of apps/e2e, which is TypeScript and uses the test tools as specs do, into dist, and loads it. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

import { workspace } from '../host/workspace.mjs';
import { bundleOptions } from './service-bundle.mjs';

/** Returns the exports of `apps/e2e/src/<program>/main.ts`. */
export async function bundledProgram(program) {
  const source = path.join(workspace, 'apps/e2e/src', program);
  // As deep as the sources are: the test tools look for the checkout from where they are.
  const outdir = path.join(workspace, 'dist/e2e/src', program);
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
