/** Finds the Chromium that browser specs run in, or installs Debian's where that needs no question. */
import { existsSync } from 'node:fs';

import { step } from '../host/progress.mjs';
import { aptInstall, findOnPath } from '../host/redis-program.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The program's path; undefined when there is none and none can be installed without a question. */
export async function chromiumProgram() {
  const there = findOnPath(NAMES) ?? (existsSync(MAC) ? MAC : undefined);
  if (there || process.getuid?.() !== 0 || !findOnPath(['apt-get'])) return there;
  return step('Installing Chromium for the browser specs', async () => {
    await aptInstall(['chromium']);
    return findOnPath(NAMES);
  });
}
