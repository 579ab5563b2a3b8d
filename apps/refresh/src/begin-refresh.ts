/** Decides whether and what a job has to refresh, and takes the model's lease for it. */
import { Inject, Injectable } from '@nestjs/common';
import type { JobData } from '@freshet/contracts';
import { shouldRun, type InputVector } from '@freshet/domain';
import {
  buryDeadRefreshes,
  ControlPlane,
  loadCascadeState,
  startRefresh,
  type StartedRefresh,
} from '@freshet/persistence';
import { Clock, ENV, type BaseEnv } from '@freshet/service-kit';
import { dispatchOptions } from './dispatch-cascade';

export interface Started extends StartedRefresh {
  modelId: string;
  projectId: string;
  /** As the decision to run found it; the build reads it anew, in its own snapshot. */
  vector: InputVector;
  /** Of `performance.now()`. */
  startedAt: number;
}

type Begun = Omit<Started, 'startedAt'>;

/** At a model that others lock for long, or after a standstill, it looks again; the dispatcher hands it out again in any case. */
const looks = 3;

@Injectable()
export class BeginRefresh {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** The dispatcher's rules once more, on fresh state: the job may have waited long, or come twice. @returns or why not */
  async begin(job: JobData<'refresh.model'>): Promise<Started | string> {
    const startedAt = performance.now();
    for (let look = 1; look <= looks; look++) {
      const started = await this.decide(job);
      if (typeof started === 'string') return started;
      if (started) return { ...started, startedAt };
    }
    return 'the database takes too long to tell what there is to do';
  }

  /** @returns null when what it decided by was too old by the time it could begin */
  private async decide({
    modelId,
    projectId,
    correlationId,
  }: JobData<'refresh.model'>): Promise<Begun | string | null> {
    const now = this.clock.now().getTime();
    const state = await loadCascadeState(this.plane.system, [projectId]);
    const decision = shouldRun(state, modelId, now, dispatchOptions(this.env));
    if (!decision.run) return decision.sentence;
    const { why, vector, kind } = decision;
    const { lookedAt } = state;
    const leaseSeconds = this.env.FRESHET_LEASE_MS / 1_000;
    const refresh = await this.plane.systemTransaction((sql) =>
      startRefresh(sql, { modelId, kind, leaseSeconds, why, vector, lookedAt, correlationId }),
    );
    if (refresh === 'late') return null;
    if (refresh) return { ...refresh, modelId, projectId, vector };
    await buryDeadRefreshes(this.plane, modelId);
    return 'already being refreshed';
  }
}
