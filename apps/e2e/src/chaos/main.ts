/** What `npm run chaos` calls: one run in a folder of its own, swept even when the run is killed. */
import { closeTestRun, openTestRun, sweepAbandonedRuns } from '@freshet/testing';
import { runChaos, type ChaosOptions, type ChaosReport } from './chaos';

export type { ChaosOptions, ChaosReport };

/** Sizes that a machine of two cores carries. */
const size = { projects: 4, modelsPerProject: 9, rows: 250 };

export const chaos = async (
  options: Pick<ChaosOptions, 'seed' | 'seconds' | 'verify' | 'tell'> & { together: boolean },
): Promise<ChaosReport> => {
  await sweepAbandonedRuns();
  const folder = openTestRun();
  try {
    return await runChaos({ ...options, short: false, size: { ...size, together: options.together } });
  } finally {
    await closeTestRun(folder);
  }
};
