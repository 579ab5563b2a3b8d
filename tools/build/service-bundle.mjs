/** How a service becomes files that Node runs: our code bundled, packages left where npm put them. */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { workspace } from '../host/workspace.mjs';
import { decorators } from './decorators.mjs';

/** Scripts that an app may have: the service itself, and what `npm start` runs once before or after it. */
const SCRIPTS = ['main', 'migrate', 'seed-demo'];

/** esbuild's options for `dist/apps/<app>/*.js`. */
export function bundleOptions(app) {
  const source = path.join(workspace, 'apps', app, 'src');
  return {
    absWorkingDir: workspace,
    entryPoints: SCRIPTS.map((name) => path.join(source, `${name}.ts`)).filter((file) => existsSync(file)),
    outdir: path.join(workspace, 'dist/apps', app),
    outbase: source,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    keepNames: true,
    // The test tools, which the sandbox consists of, are written for both kinds of modules.
    define: { __dirname: 'import.meta.dirname' },
    tsconfig: path.join(workspace, 'tsconfig.base.json'),
    plugins: [decorators],
    logLevel: 'silent',
  };
}
