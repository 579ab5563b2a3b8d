/** Carries out one refresh: take a slot and the model, build, guard, publish or keep, let go; the end dispatches again. */
import { Inject, Injectable } from '@nestjs/common';
import { Handles, type Delivery, type JobHandler } from '@freshet/bus';
import { defaults, toFreshetError, type Fault, type FreshetError, type JobData } from '@freshet/contracts';
import { afterFailure, shouldRun, type InputVector } from '@freshet/domain';
import {
  ControlPlane,
  endRefreshUnpublished,
  loadCascadeState,
  startRefresh,
  type LoadedModel,
  type Sql,
  type StartedRefresh,
} from '@freshet/persistence';
import { Clock, ENV, failpoint, LOG, logJob, type BaseEnv, type Log } from '@freshet/service-kit';
import { takeSlot, tryLockModel } from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import { BuildModel, type Build } from './build-model';
import { dispatchOptions } from './dispatch-cascade';
import { PublishBuild } from './publish-build';
import { RefreshLease } from './refresh-lease';

type Job = JobData<'refresh.model'>;

@Injectable()
@Handles('refresh.model')
export class RunRefresh implements JobHandler<'refresh.model'> {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(BuildModel) private readonly buildModel: BuildModel,
    @Inject(PublishBuild) private readonly publishBuild: PublishBuild,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** Never waits for a slot: a model that gets none stays owed, and is handed out again when one comes free. */
  handle(job: Job, { signal }: Delivery): Promise<string> {
    return this.plane.systemSession(async (sql, session) => {
      const slot = await takeSlot(session, { count: defaults.refresh.slots });
      if (!slot) return 'no-slot';
      if (!(await tryLockModel(session, job.modelId))) return 'already being refreshed';
      await failpoint('refresh.after-slot');
      const started = await this.start(sql, job);
      if (typeof started === 'string') return started;
      const { refreshId: run, attempt, correlationId } = started.refresh;
      const fields = { job: 'refresh.model', run, organization: job.organizationId, attempt, correlationId };
      return logJob(this.log, fields, () => this.refresh(started, session, signal));
    });
  }

  /** The dispatcher's rules once more, on fresh state: the job may have waited long, or come twice. */
  private async start(sql: Sql, job: Job): Promise<Started | string> {
    const state = await loadCascadeState(sql, [job.projectId]);
    const decision = shouldRun(state, job.modelId, this.clock.now().getTime(), dispatchOptions);
    if (!decision.run) return decision.sentence;
    const { why, vector } = decision;
    const leaseSeconds = this.env.FRESHET_LEASE_MS / 1_000;
    const { modelId, projectId, correlationId } = job;
    const refresh = await this.plane.systemTransaction((tx) =>
      startRefresh(tx, { modelId, leaseSeconds, why, correlationId }),
    );
    const model = state.models.find(({ id }) => id === modelId);
    if (!refresh || !model) return 'already being refreshed';
    return { refresh, model, projectId, vector, startedAt: performance.now() };
  }

  private async refresh(started: Started, session: PoolClient, shutdown: AbortSignal): Promise<string> {
    const lease = new RefreshLease(this.plane, started, this.env.FRESHET_LEASE_MS, shutdown);
    let build: Build | undefined;
    try {
      await failpoint('refresh.after-lease');
      build = await this.buildModel.build(started, session, lease.signal);
      return await this.publishBuild.publish(started, build);
    } catch (error) {
      if (build) await this.publishBuild.discard(build);
      return await this.fail(started, lease, error, build);
    } finally {
      await lease.stop();
    }
  }

  private async fail(
    started: Started,
    lease: RefreshLease,
    error: unknown,
    build: Build | undefined,
  ): Promise<string> {
    if (lease.state === 'lost') return 'taken over by another process';
    const failure = toFreshetError(error);
    const status =
      lease.state === 'cancelled' ? 'CANCELLED' : lease.state === 'leaving' ? 'SKIPPED' : 'FAILED';
    if (status === 'FAILED')
      this.log.warn({ model: started.model.id, code: failure.code, err: failure }, 'A refresh failed');
    const { model, refresh, projectId } = started;
    const vector = build?.vector ?? started.vector;
    const now = this.clock.now().getTime();
    await this.plane.systemTransaction(async (sql) => {
      await endRefreshUnpublished(sql, {
        modelId: model.id,
        projectId,
        refreshId: refresh.refreshId,
        status,
        why: whyOf[status],
        error: status === 'FAILED' ? faultOf(failure) : null,
        vector,
        sql: build?.userSql ?? null,
        guards: build?.guards ?? guardsOf(failure),
        durationMs: performance.now() - started.startedAt,
        failure:
          status === 'SKIPPED'
            ? null
            : (before) => afterFailure(before, verdictOf(failure, status, vector), now, defaults.refresh),
      });
      await failpoint('refresh.before-failure');
    });
    return status;
  }
}

export interface Started {
  refresh: StartedRefresh;
  /** As the decision to run found it. */
  model: LoadedModel;
  projectId: string;
  vector: InputVector;
  /** Of `performance.now()`. */
  startedAt: number;
}

const whyOf = {
  FAILED: null,
  CANCELLED: 'It was cancelled; it is refreshed again when an input changes or when you ask.',
  SKIPPED: 'The service was restarted; it is refreshed again by itself.',
} as const;

/** A cancelled refresh is not tried again on the same inputs: somebody wanted it to stop. */
const verdictOf = (failure: FreshetError, status: 'FAILED' | 'CANCELLED', vector: InputVector) => ({
  vector,
  verdict: status === 'CANCELLED' ? ('discard' as const) : failure.verdict,
  ...(failure.details.until && { until: failure.details.until.getTime() }),
});

const faultOf = ({ code, message, details }: FreshetError): Fault => ({
  code,
  message,
  action: details.action ?? null,
});

const guardsOf = (failure: FreshetError): Build['guards'] => {
  const guards = failure.details.extra?.['guards'];
  return Array.isArray(guards) ? (guards as Build['guards']) : [];
};
