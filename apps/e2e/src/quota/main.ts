/** What `npm run chaos -- --quota` calls: a year of many properties under Google's standard quotas, hours passing in seconds. */
import { closeTestRun, openTestRun, sweepAbandonedRuns } from '@freshet/testing';
import { quotaRun, type QuotaOptions, type QuotaReport } from './quota-run';
import { reportNames } from './reports';

export type { QuotaReport };
export { reportNames };

export const readUnderQuotas = async (options: QuotaOptions): Promise<QuotaReport> => {
  await sweepAbandonedRuns();
  const folder = openTestRun();
  try {
    return await quotaRun(options);
  } finally {
    await closeTestRun(folder);
  }
};
