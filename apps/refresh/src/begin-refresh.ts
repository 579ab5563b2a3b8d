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

@Injectable()
export class BeginRefresh {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** The dispatcher's rules once more, on fresh state: the job may have waited long, or come twice. @returns or why not */
  async begin({ modelId, projectId, correlationId }: JobData<'refresh.model'>): Promise<Started | string> {
    const startedAt = performance.now();
    const now = this.clock.now().getTime();
    const state = await loadCascadeState(this.plane.system, [projectId]);
    const decision = shouldRun(state, modelId, now, dispatchOptions(this.env));
    if (!decision.run) return decision.sentence;
    const { why, vector, kind } = decision;
    const leaseSeconds = this.env.FRESHET_LEASE_MS / 1_000;
    const refresh = await this.plane.systemTransaction((sql) =>
      startRefresh(sql, { modelId, kind, leaseSeconds, why, vector, correlationId }),
    );
    if (refresh) return { ...refresh, modelId, projectId, vector, startedAt };
    await buryDeadRefreshes(this.plane, modelId);
    return 'already being refreshed';
  }
}
