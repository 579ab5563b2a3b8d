/** What `npm run chaos -- --connectors` calls: one storm for each connector, in a folder that is swept even when the run is killed. */
import { closeTestRun, openTestRun, sweepAbandonedRuns } from '@freshet/testing';
import { storm, type StormOptions, type StormReport } from './storm';
import { trials } from './trials';

export type { StormReport };
export const connectorTypes = Object.keys(trials);

export const connectorStorms = async (
  types: readonly string[],
  options: Omit<StormOptions, 'type'>,
): Promise<StormReport[]> => {
  await sweepAbandonedRuns();
  const folder = openTestRun();
  try {
    const reports: StormReport[] = [];
    for (const type of types) reports.push(await storm({ ...options, type }));
    return reports;
  } finally {
    await closeTestRun(folder);
  }
};
