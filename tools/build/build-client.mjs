/** Builds the Angular client through Nx when something it consists of has changed. */
import { nx } from '../host/package-program.mjs';
import { lastLines } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { buildWhenChanged } from './source-stamp.mjs';

export async function buildClient() {
  await buildWhenChanged({
    name: 'client',
    sources: [
      'apps/client',
      'libs/contracts/src',
      'libs/domain/src',
      'libs/sdk/src',
      'tsconfig.base.json',
      'package-lock.json',
    ],
    outputs: ['dist/apps/client/browser/index.html'],
    build: async () => {
      const { code, output } = await nx(['run', 'client:build']);
      if (code !== 0) throw new Plain(`The client does not build:\n${lastLines(output, 40)}`);
    },
  });
}
