/** Carries out one refresh: take a slot and the model, plan, build, guard, compare, publish or keep; its end dispatches again. */
import { Inject, Injectable } from '@nestjs/common';
import { Handles, type Delivery, type JobHandler } from '@freshet/bus';
import { defaults, type JobData } from '@freshet/contracts';
import { ControlPlane, sqlOf } from '@freshet/persistence';
import { failpoint, LOG, logJob, type Log } from '@freshet/service-kit';
import { exportSnapshot, takeSlot, tryLockModel, type Builders } from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import { BeginRefresh, type Started } from './begin-refresh';
import { statementTimeoutOf } from './build-limits';
import { buildModel, commentBuild } from './build-model';
import { compareBuild } from './compare-build';
import { EndRefresh, type Findings } from './end-refresh';
import { explainBuild } from './explain-build';
import { guardBuild } from './guard-build';
import { planBuild } from './plan-build';
import { PublishBuild, type Build } from './publish-build';
import { RefreshLeases } from './refresh-leases';

export const BUILDERS = Symbol('builders');

type Job = JobData<'refresh.model'>;

@Injectable()
@Handles('refresh.model')
export class RunRefresh implements JobHandler<'refresh.model'> {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(BUILDERS) private readonly builders: Builders,
    @Inject(RefreshLeases) private readonly leases: RefreshLeases,
    @Inject(BeginRefresh) private readonly beginRefresh: BeginRefresh,
    @Inject(PublishBuild) private readonly publishBuild: PublishBuild,
    @Inject(EndRefresh) private readonly endRefresh: EndRefresh,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Never waits for a slot: a model that gets none stays owed, and is handed out again when one comes free. */
  handle(job: Job, { signal: shutdown }: Delivery): Promise<string> {
    return this.plane.systemSession(async (_, session) => {
      const slot = await takeSlot(session, { count: defaults.refresh.slots });
      if (!slot) return 'no-slot';
      if (!(await tryLockModel(session, job.modelId))) return 'already being refreshed';
      await failpoint('refresh.after-slot');
      const started = await this.beginRefresh.begin(job);
      if (typeof started === 'string') return started;
      const { refreshId: run, attempt, correlationId } = started;
      const fields = { job: 'refresh.model', run, organization: job.organizationId, attempt, correlationId };
      return logJob(this.log, fields, () => this.refresh(started, session, shutdown));
    });
  }

  private async refresh(started: Started, session: PoolClient, shutdown: AbortSignal): Promise<string> {
    const lease = this.leases.hold(started, shutdown);
    // What is known by the time it fails is told with the failure.
    const findings: Findings = {};
    try {
      await failpoint('refresh.after-lease');
      const build = await this.build(started, session, lease.signal, findings);
      lease.signal.throwIfAborted();
      return await this.publishBuild.publish(started, build);
    } catch (error) {
      return await this.endRefresh.fail(started, lease, error, findings);
    } finally {
      await lease.stop();
    }
  }

  /** @param session of the system login; it reads the vector in the very snapshot the builder works in */
  private async build(
    started: Started,
    session: PoolClient,
    signal: AbortSignal,
    findings: Findings,
  ): Promise<Build> {
    const { modelId, attempt, kind } = started;
    const read = () => planBuild(sqlOf(session), modelId, attempt);
    const { snapshotId, value: plan } = await exportSnapshot(session, read);
    findings.plan = plan;
    await failpoint('refresh.after-snapshot');
    const builder = await this.builders.connect(plan.definition.projectId);
    try {
      const limits = { signal, statementTimeoutMs: await statementTimeoutOf(builder) };
      // Whether somebody is to look at the difference, which readers are not to see yet.
      const thoroughly = kind !== 'live' || plan.definition.shadowed;
      const estimate = kind === 'dry' ? await explainBuild(builder, plan, signal) : null;
      findings.estimate = estimate;
      const onSnapshotTaken = async () => void (await session.query('commit'));
      const built = await buildModel(builder, {
        plan,
        snapshotId,
        compare: !thoroughly,
        onSnapshotTaken,
        ...limits,
      });
      await commentBuild(builder, plan, started.refreshId);
      await failpoint('refresh.after-build');
      const guards = await guardBuild(builder, plan, built, limits);
      findings.guards = guards;
      await failpoint('refresh.after-guards');
      const comparison = await compareBuild(builder, plan, built, { thoroughly, ...limits });
      return { ...built, ...comparison, plan, estimate, guards };
    } finally {
      await builder.release();
    }
  }
}
