/** Report runs of the Insights API: started by a POST, worked on for a while, then read like any insights. */
import type { InsightsQuery } from './insights-query';
import type { AdAccount } from './world';

export interface ReportRun {
  id: string;
  account: AdAccount;
  query: InsightsQuery;
  startedAt: number;
  /** How often its state was asked for. */
  polls: number;
  fails: boolean;
}

export interface ReportRuns {
  start(account: AdAccount, query: InsightsQuery, tooLarge: boolean): ReportRun;
  find(id: string): ReportRun | undefined;
  /** Its state, one step further each time it is asked for. */
  poll(run: ReportRun): Record<string, unknown>;
  isDone(run: ReportRun): boolean;
  /** The next runs fail, so many of them. */
  failNext(count: number): void;
}

/** @param steps how often a run is asked about until it is done */
export const reportRuns = (now: () => Date, steps: number): ReportRuns => {
  const runs = new Map<string, ReportRun>();
  let failing = 0;
  return {
    failNext: (count) => void (failing = count),
    start(account, query, tooLarge) {
      const id = String(6_023_920_149_050_000n + BigInt(runs.size));
      const run = {
        id,
        account,
        query,
        startedAt: now().getTime(),
        polls: 0,
        fails: tooLarge || failing > 0,
      };
      if (failing > 0) failing -= 1;
      runs.set(id, run);
      return run;
    },
    find: (id) => runs.get(id),
    isDone: ({ polls, fails }) => polls >= steps && !fails,
    poll(run) {
      run.polls += 1;
      const isOver = run.polls >= steps;
      const status = !isOver
        ? run.polls === 1
          ? 'Job Not Started'
          : 'Job Running'
        : run.fails
          ? 'Job Failed'
          : 'Job Completed';
      return {
        id: run.id,
        account_id: run.account.id,
        time_ref: Math.floor(run.startedAt / 1_000),
        async_status: status,
        async_percent_completion: isOver && !run.fails ? 100 : Math.floor((100 * run.polls) / (steps + 1)),
        date_start: run.query.since,
        date_stop: run.query.until,
        ...(isOver && run.fails && { error_code: 1_487_534 }),
      };
    },
  };
};
