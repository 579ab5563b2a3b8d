/** Publishes a build in one short transaction, or keeps what is there; which of them is decided under the model's row lock. */
import { Inject, Injectable } from '@nestjs/common';
import { FreshetError, type GuardReport, type QueryPlan } from '@freshet/contracts';
import { decidePublish } from '@freshet/domain';
import {
  ControlPlane,
  endAsk,
  endRefreshUnpublished,
  lockFenceRow,
  replaceModelInputs,
  storeBuild,
  type BuildRecord,
  type InputEdge,
  type LockedModel,
  type Sql,
} from '@freshet/persistence';
import { failpoint } from '@freshet/service-kit';
import type { BuiltVersion } from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import type { Started } from './begin-refresh';
import { dropBuild } from './build-model';
import type { BuildComparison } from './compare-build';
import type { BuildPlan } from './plan-build';

/** A finished build, with all that its history tells. */
export interface Build extends BuiltVersion, BuildComparison {
  plan: BuildPlan;
  /** Of a dry run. */
  estimate: QueryPlan | null;
  guards: GuardReport[];
}

@Injectable()
export class PublishBuild {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  async publish(started: Started, build: Build): Promise<string> {
    const outcome = await this.plane.systemTransaction(async (sql, client) => {
      const row = await lockFenceRow(sql, started.modelId, started.refreshId);
      await failpoint('refresh.after-fence');
      if (row?.cancelRequested) throw new FreshetError('cancelled', 'The refresh was cancelled.');
      const ended = await this.store({ sql, client, row }, started, build);
      await failpoint('refresh.before-publish');
      return ended;
    });
    await failpoint('refresh.after-publish');
    return outcome;
  }

  /** What is not kept is gone when its end is told; one that is busy is found by the sweeper. */
  private async store({ sql, client, row }: Publication, started: Started, build: Build): Promise<string> {
    const record = recordOf(started, build);
    if (started.kind === 'dry') {
      await dropBuild(client, build.plan);
      await endAsk(sql, { ...record, kind: 'dry', plan: build.estimate });
      return 'dry';
    }
    const { plan, equalsVersion } = build;
    const { kind, attempt } = started;
    const lastStartedAttemptInSnapshot = plan.definition.lastStartedAttempt;
    const decision = decidePublish(row, {
      kind,
      attempt,
      lastStartedAttemptInSnapshot,
      vector: plan.vector,
      equalsVersion,
    });
    if (decision.outcome === 'skipped' || decision.outcome === 'unchanged') await dropBuild(client, plan);
    if (decision.outcome === 'skipped') {
      await endRefreshUnpublished(sql, skippedEnd(record, decision.sentence));
    } else if (decision.outcome === 'aside') {
      await endAsk(sql, { ...record, kind: 'shadow', plan: null });
    } else {
      await this.correctEdges(sql, plan);
      await failpoint('refresh.before-store');
      const { outcome } = decision;
      const keeps = decision.outcome === 'unchanged' ? decision.keeps : null;
      await storeBuild(
        sql,
        { ...record, outcome, keeps },
        { candidateVersion: row?.candidateVersion ?? null },
      );
    }
    return decision.outcome;
  }

  /** The edges follow the text; should a name have come to mean something else, they are put right here. */
  private async correctEdges(sql: Sql, { definition, inputs }: BuildPlan): Promise<void> {
    if (sameEdges(definition.inputs, inputs)) return;
    const { id: modelId, organizationId } = definition;
    await replaceModelInputs(sql, { modelId, organizationId, inputs });
  }
}

/** The publishing transaction, and the model as it is locked there. */
interface Publication {
  sql: Sql;
  client: PoolClient;
  row: LockedModel | null;
}

const sameEdges = (a: readonly InputEdge[], b: readonly InputEdge[]): boolean => {
  const keys = new Set(a.map(({ kind, id }) => `${kind}:${id}`));
  return keys.size === b.length && b.every(({ kind, id }) => keys.has(`${kind}:${id}`));
};

const recordOf = (started: Started, build: Build): BuildRecord => {
  const { plan, columns, rowCount, bytes, contentHash, difference, guards, comparison } = build;
  const { definition, attempt, vector } = plan;
  return {
    modelId: definition.id,
    organizationId: definition.organizationId,
    projectId: definition.projectId,
    refreshId: started.refreshId,
    attempt,
    vector,
    definitionRevision: definition.definitionRevision,
    columns,
    indexes: definition.indexes,
    rowCount,
    bytes,
    contentHash,
    rowsBefore: definition.published?.rowCount ?? null,
    ...difference,
    durationMs: performance.now() - started.startedAt,
    sql: definition.sql,
    guards,
    comparison,
  };
};

const skippedEnd = (
  { modelId, projectId, refreshId, vector, sql, guards, durationMs, comparison }: BuildRecord,
  why: string,
): Parameters<typeof endRefreshUnpublished>[1] => ({
  modelId,
  projectId,
  refreshId,
  status: 'SKIPPED',
  why,
  error: null,
  vector,
  sql,
  guards,
  plan: null,
  comparison,
  durationMs,
  failure: null,
});
