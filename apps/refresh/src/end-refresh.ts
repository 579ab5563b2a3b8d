/** Ends a refresh that came to nothing: failed, cancelled, or broken off; says why, and leaves no table behind. */
import { Inject, Injectable } from '@nestjs/common';
import {
  defaults,
  toFreshetError,
  type Fault,
  type FreshetError,
  type GuardReport,
  type QueryPlan,
} from '@freshet/contracts';
import { afterFailure, type BuildFailure, type InputVector } from '@freshet/domain';
import { ControlPlane, endRefreshUnpublished, isVersionKept } from '@freshet/persistence';
import { Clock, failpoint, LOG, type Log } from '@freshet/service-kit';
import type { Started } from './begin-refresh';
import { dropBuild } from './build-model';
import type { BuildPlan } from './plan-build';
import type { RefreshLease } from './refresh-lease';

/** What a refresh has found out so far. */
export interface Findings {
  plan?: BuildPlan;
  estimate?: QueryPlan | null;
  guards?: GuardReport[];
}

@Injectable()
export class EndRefresh {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async fail(started: Started, lease: RefreshLease, error: unknown, findings: Findings): Promise<string> {
    const { plan } = findings;
    if (plan) await this.dropUnlessKept(plan);
    if (lease.state === 'lost') return 'taken over by another process';
    const { modelId, projectId, refreshId, kind } = started;
    const failure = toFreshetError(error);
    const status = statusOf(lease, failure);
    if (status === 'FAILED')
      this.log.warn({ model: modelId, code: failure.code, err: failure }, 'A refresh failed');
    const vector = plan?.vector ?? started.vector;
    const now = this.clock.now().getTime();
    const counts = kind === 'live' && status !== 'SKIPPED';
    await this.plane.systemTransaction(async (sql) => {
      await endRefreshUnpublished(sql, {
        modelId,
        projectId,
        refreshId,
        status,
        why: status === 'SKIPPED' ? restarted[kind === 'live' ? 'live' : 'asked'] : null,
        error: status === 'FAILED' ? faultOf(failure) : null,
        vector,
        sql: plan?.definition.sql ?? null,
        guards: findings.guards ?? guardsOf(failure),
        plan: findings.estimate ?? null,
        comparison: null,
        durationMs: performance.now() - started.startedAt,
        failure: counts
          ? (before) => afterFailure(before, verdictOf(failure, status, vector), now, defaults.refresh)
          : null,
      });
      await failpoint('refresh.before-failure');
    });
    return status;
  }

  /** A commit may have gone through whose reply never came: what failed here may be what readers read by now. */
  private async dropUnlessKept(plan: BuildPlan): Promise<void> {
    const { definition, attempt } = plan;
    await this.plane
      .systemTransaction(async (sql, client) => {
        if (!(await isVersionKept(sql, definition.id, attempt))) await dropBuild(client, plan);
      })
      // What is left behind is found by the sweeper.
      .catch(() => undefined);
  }
}

type Status = 'FAILED' | 'CANCELLED' | 'SKIPPED';

/** Who cancelled is in the history before the build notices. */
const statusOf = (lease: RefreshLease, failure: FreshetError): Status => {
  if (lease.state === 'leaving') return 'SKIPPED';
  return lease.state === 'cancelled' || failure.code === 'cancelled' ? 'CANCELLED' : 'FAILED';
};

const restarted = {
  live: 'The service was restarted; it is refreshed again by itself.',
  asked: 'The service was restarted; ask for it again.',
} as const;

/** A cancelled refresh is not tried again on the same inputs: somebody wanted it to stop. */
const verdictOf = (failure: FreshetError, status: Status, vector: InputVector): BuildFailure => ({
  vector,
  verdict: status === 'CANCELLED' ? 'discard' : failure.verdict,
  ...(failure.details.until && { until: failure.details.until.getTime() }),
});

const faultOf = ({ code, message, details }: FreshetError): Fault => ({
  code,
  message,
  action: details.action ?? null,
});

const guardsOf = (failure: FreshetError): GuardReport[] => {
  const guards = failure.details.extra?.['guards'];
  return Array.isArray(guards) ? (guards as GuardReport[]) : [];
};
