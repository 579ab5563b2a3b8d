/** `npm run freshet -- why daily_sessions`: builds the command line when its sources changed, and runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { buildWhenChanged } from '../build/source-stamp.mjs';
import { installPackages, whileOthersWait } from '../host/install-packages.mjs';
import { continueInNode24, requireNodeToBegin } from '../host/node-version.mjs';
import { explain } from '../host/stop-with-sentence.mjs';
import { workspace } from '../host/workspace.mjs';

try {
  requireNodeToBegin();
  await whileOthersWait(installPackages);
  await continueInNode24();
  const { buildService } = await import('../build/build-service.mjs');
  await whileOthersWait(() =>
    buildWhenChanged({
      name: 'cli',
      sources: ['apps/cli/src', 'libs', 'tools/build', 'tsconfig.base.json', 'package-lock.json'],
      outputs: ['dist/apps/cli/main.js'],
      build: () => buildService('cli'),
    }),
  );
  const program = path.join(workspace, 'dist/apps/cli/main.js');
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  process.exitCode = explain(error);
}
