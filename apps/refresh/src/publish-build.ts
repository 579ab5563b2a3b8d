/** Publishes a build in one short transaction, or keeps what is there; which of them is decided under the model's lock. */
import { Inject, Injectable } from '@nestjs/common';
import { decidePublish } from '@freshet/domain';
import {
  ControlPlane,
  endRefreshUnpublished,
  lockFenceRow,
  replaceModelInputs,
  storeBuild,
  type FinishedBuildRecord,
} from '@freshet/persistence';
import { failpoint } from '@freshet/service-kit';
import { dropTable, modelTable, projectSchema } from '@freshet/warehouse';
import type { Build } from './build-model';
import type { Started } from './run-refresh';

@Injectable()
export class PublishBuild {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  async publish(started: Started, build: Build): Promise<string> {
    const outcome = await this.plane.systemTransaction(async (sql) => {
      const { definition, attempt, vector, equalsVersion } = build;
      const row = await lockFenceRow(sql, definition.id);
      await failpoint('refresh.after-fence');
      const lastStartedAttemptInSnapshot = definition.lastStartedAttempt;
      const decision = decidePublish(row, { attempt, lastStartedAttemptInSnapshot, vector, equalsVersion });
      if (decision.outcome === 'skipped') {
        await endRefreshUnpublished(sql, skippedEnd(started, build, decision.sentence));
      } else {
        // The edges follow the text; should a name have come to mean something else, they are put right here.
        await replaceModelInputs(sql, {
          modelId: definition.id,
          organizationId: definition.organizationId,
          inputs: build.inputs,
        });
        await failpoint('refresh.before-store');
        await storeBuild(sql, recordOf(started, build, decision.outcome));
      }
      await failpoint('refresh.before-publish');
      return decision.outcome;
    });
    await failpoint('refresh.after-publish');
    if (outcome === 'unchanged' || outcome === 'skipped') await this.discard(build);
    return outcome;
  }

  /** A leftover that is busy or forgotten here is found by the sweeper. */
  async discard({ definition, attempt }: Build): Promise<void> {
    await this.plane
      .systemTransaction((_, client) =>
        dropTable(client, projectSchema(definition.projectId), modelTable(definition.id, attempt)),
      )
      .catch(() => false);
  }
}

const recordOf = (
  started: Started,
  build: Build,
  outcome: FinishedBuildRecord['outcome'],
): FinishedBuildRecord => {
  const { definition, columns, rowCount, bytes, contentHash, vector, attempt, difference, guards, userSql } =
    build;
  return {
    modelId: definition.id,
    organizationId: definition.organizationId,
    projectId: definition.projectId,
    refreshId: started.refresh.refreshId,
    outcome,
    attempt,
    vector,
    definitionRevision: definition.definitionRevision,
    columns,
    indexes: definition.indexes,
    rowCount,
    bytes,
    contentHash,
    rowsBefore: definition.published?.rowCount ?? null,
    rowsAdded: difference?.rowsAdded ?? null,
    rowsRemoved: difference?.rowsRemoved ?? null,
    rowsChanged: difference?.rowsChanged ?? null,
    durationMs: performance.now() - started.startedAt,
    sql: userSql,
    guards,
  };
};

const skippedEnd = (
  started: Started,
  build: Build,
  why: string,
): Parameters<typeof endRefreshUnpublished>[1] => ({
  modelId: build.definition.id,
  projectId: build.definition.projectId,
  refreshId: started.refresh.refreshId,
  status: 'SKIPPED',
  why,
  error: null,
  vector: build.vector,
  sql: build.userSql,
  guards: build.guards,
  durationMs: performance.now() - started.startedAt,
  failure: null,
});
