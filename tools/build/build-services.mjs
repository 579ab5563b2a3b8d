/** Builds the four services and the demo's sandbox, each only when something it may consist of has changed. */
import { Plain } from '../host/stop-with-sentence.mjs';
import { services } from '../start/settings.mjs';
import { buildService } from './build-service.mjs';
import { buildWhenChanged } from './source-stamp.mjs';

const FOR_ALL = ['libs', 'tools/build', 'tsconfig.base.json', 'package-lock.json'];

export async function buildServices() {
  const results = await Promise.allSettled(
    [...services, 'sandbox'].map((app) =>
      buildWhenChanged({
        name: app,
        sources: [`apps/${app}/src`, ...FOR_ALL],
        outputs: [`dist/apps/${app}/main.js`],
        build: () => buildService(app),
      }),
    ),
  );
  const faults = results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  const unknown = faults.find((fault) => !(fault instanceof Plain));
  if (unknown) throw unknown;
  if (faults.length) throw new Plain(faults.map(({ message }) => message).join('\n'));
}
