/** Builds a model's next version beside the published one, from one snapshot of its inputs, and compares the two. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, FreshetError, type Column, type ModelIndex } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import {
  loadBuild,
  loadCatalog,
  sqlOf,
  type BuildDefinition,
  type Catalog,
  type InputEdge,
} from '@freshet/persistence';
import { failpoint } from '@freshet/service-kit';
import {
  bindQuery,
  buildVersion,
  checkSchemaPolicy,
  compareVersions,
  exportSnapshot,
  modelTable,
  namesIn,
  parseQuery,
  projectSchema,
  qualifiedVersion,
  resolveIn,
  runGuards,
  unbuiltInputs,
  type BoundQuery,
  type Builders,
  type BuiltVersion,
  type SnapshotId,
  type VersionDifference,
} from '@freshet/warehouse';
import type { Client, PoolClient } from 'pg';
import type { Started } from './run-refresh';

export const BUILDERS = Symbol('builders');

export interface Build extends BuiltVersion {
  definition: BuildDefinition;
  attempt: number;
  vector: InputVector;
  inputs: InputEdge[];
  /** The text as the person wrote it. */
  userSql: string;
  guards: { guard: string; ok: boolean; message: string }[];
  /** The published version this result equals; null: none. */
  equalsVersion: number | null;
  difference: VersionDifference | null;
}

/** What one snapshot of the database says about the build. */
interface Plan {
  definition: BuildDefinition;
  bound: BoundQuery;
  vector: InputVector;
  inputs: InputEdge[];
}

@Injectable()
export class BuildModel {
  constructor(@Inject(BUILDERS) private readonly builders: Builders) {}

  /** @param session of the system login; it reads the vector in the very snapshot the builder works in */
  async build(started: Started, session: PoolClient, signal: AbortSignal): Promise<Build> {
    const { snapshotId, value: plan } = await exportSnapshot(session, () => this.plan(started, session));
    await failpoint('refresh.after-snapshot');
    const builder = await this.builders.connect(plan.definition.projectId);
    try {
      const built = await this.buildIn(builder, { started, plan, snapshotId, session, signal });
      await failpoint('refresh.after-build');
      return await this.examine(builder, plan, built, started.refresh.attempt);
    } finally {
      await builder.release();
    }
  }

  private async plan({ model }: Started, session: PoolClient): Promise<Plan> {
    const sql = sqlOf(session);
    const definition = await loadBuild(sql, model.id);
    if (!definition) throw new FreshetError('not_found', 'The model was deleted.');
    const catalog = await loadCatalog(sql, definition.projectId);
    const bound = bindQuery(await parseQuery(definition.sql), resolveIn(definition.projectId, catalog), {
      known: namesIn(catalog),
    });
    const [unbuilt] = unbuiltInputs(bound, catalog);
    if (unbuilt) throw new FreshetError('input_not_built', `${unbuilt}, which it reads, has no data yet.`);
    const inputs = [
      ...bound.streams.map((id): InputEdge => ({ kind: 't', id })),
      ...bound.models.map((id): InputEdge => ({ kind: 'm', id })),
    ];
    return { definition, bound, inputs, vector: vectorOf(definition, inputs, catalog) };
  }

  private buildIn(
    builder: Client,
    { started, plan, snapshotId, session, signal }: BuildStep,
  ): Promise<BuiltVersion> {
    const { definition, bound } = plan;
    return buildVersion({
      builder,
      snapshotId,
      projectId: definition.projectId,
      modelId: definition.id,
      version: started.refresh.attempt,
      text: bound.text,
      toUserPosition: bound.toUserPosition,
      indexes: definition.indexes,
      statementTimeoutMs: defaults.statementTimeout.model,
      signal,
      onColumns: (columns) => refuseSchema(definition, columns),
      onSnapshotTaken: async () => void (await session.query('commit')),
    });
  }

  private async examine(builder: Client, plan: Plan, built: BuiltVersion, attempt: number): Promise<Build> {
    const { definition, vector, inputs } = plan;
    const { published, publishedVersion } = definition;
    const guards = await this.guard(builder, definition, built, attempt);
    await failpoint('refresh.after-guards');
    const isEqual =
      published !== null &&
      published.contentHash === built.contentHash &&
      published.rowCount === built.rowCount &&
      sameColumns(published.columns, built.columns) &&
      sameIndexes(published.indexes, definition.indexes);
    const difference = isEqual ? noDifference : await this.compare(builder, definition, built, attempt);
    const equalsVersion = isEqual ? publishedVersion : null;
    return {
      ...built,
      definition,
      attempt,
      vector,
      inputs,
      userSql: definition.sql,
      guards,
      equalsVersion,
      difference,
    };
  }

  private async guard(
    builder: Client,
    definition: BuildDefinition,
    built: BuiltVersion,
    attempt: number,
  ): Promise<Build['guards']> {
    const table = qualifiedVersion({
      projectId: definition.projectId,
      modelId: definition.id,
      version: attempt,
    });
    const subject = {
      table,
      rowCount: built.rowCount,
      rowsBefore: definition.published?.rowCount ?? null,
      allowEmpty: definition.allowEmpty,
    };
    const always = definition.allowEmpty ? [] : [{ kind: 'not_empty' as const, severity: 'block' as const }];
    const results = await runGuards(builder, subject, [...always, ...definition.guards]);
    const told = results.map(({ guard, ok, message }) => ({ guard: guardName(guard), ok, message }));
    const blocking = results.filter(({ guard, ok }) => !ok && guard.severity === 'block');
    if (blocking.length) {
      const found = blocking.map(({ guard, message }) => `${guardName(guard)}: ${message}`).join(' ');
      await dropBuilt(builder, definition, attempt);
      throw new FreshetError('guard_failed', `A guard blocked publishing. ${found}`, {
        action: 'Readers keep the last version. Correct the data or the query, or change the guard.',
        extra: { guards: told },
      });
    }
    return told;
  }

  private compare(
    builder: Client,
    definition: BuildDefinition,
    built: BuiltVersion,
    attempt: number,
  ): Promise<VersionDifference> {
    const { published, publishedVersion, projectId, id: modelId, indexes } = definition;
    const keys = indexes.filter(({ unique }) => unique).map(({ columns }) => columns);
    const key = keys.find((columns) =>
      published?.indexes.some((index) => index.unique && isSame(index.columns, columns)),
    );
    return compareVersions(builder, {
      projectId,
      modelId,
      old: published && { version: publishedVersion, columns: published.columns },
      next: { version: attempt, columns: built.columns },
      ...(key && { key }),
    });
  }
}

interface BuildStep {
  started: Started;
  plan: Plan;
  snapshotId: SnapshotId;
  session: PoolClient;
  signal: AbortSignal;
}

/** The vector in the snapshot: what was read there is what is built from (spec RF9). */
const vectorOf = (
  definition: BuildDefinition,
  inputs: readonly InputEdge[],
  catalog: Catalog,
): InputVector => {
  const revisions = new Map(catalog.tables.map(({ streamId, revision }) => [streamId, revision]));
  const versions = new Map(catalog.models.map(({ modelId, version }) => [modelId, version]));
  const vector: InputVector = { d: definition.definitionRevision, f: definition.forced };
  for (const { kind, id } of inputs)
    vector[`${kind}:${id}`] = (kind === 't' ? revisions : versions).get(id) ?? 0;
  return vector;
};

const refuseSchema = ({ published, schemaPolicy }: BuildDefinition, columns: Column[]): void => {
  if (!published) return;
  const verdict = checkSchemaPolicy(published.columns, columns, schemaPolicy);
  if (!verdict.ok) throw new FreshetError('schema_incompatible', verdict.reason);
};

const dropBuilt = async (
  builder: Client,
  { id, projectId }: BuildDefinition,
  attempt: number,
): Promise<void> => {
  await builder.query(`drop table if exists ${projectSchema(projectId)}.${modelTable(id, attempt)}`);
};

const noDifference: VersionDifference = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };

const guardName = ({ kind, columns }: { kind: string; columns?: string[] | undefined }): string =>
  columns?.length ? `${kind}(${columns.join(', ')})` : kind;

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);

const sameColumns = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length && a.every(({ name, type }, at) => name === b[at]?.name && type === b[at]?.type);

const sameIndexes = (a: readonly ModelIndex[], b: readonly ModelIndex[]): boolean =>
  a.length === b.length &&
  a.every((index, at) => index.unique === b[at]?.unique && isSame(index.columns, b[at]?.columns ?? []));
