/** Builds the planned version beside the published one, in the very snapshot in which the plan was read. */
import { FreshetError, type Column } from '@freshet/contracts';
import type { BuildDefinition } from '@freshet/persistence';
import {
  buildVersion,
  checkSchemaPolicy,
  dropTable,
  modelTable,
  projectSchema,
  qualifiedVersion,
  type Builder,
  type ComparedVersion,
  type SnapshotId,
} from '@freshet/warehouse';
import { escapeLiteral } from 'pg';
import type { BuildLimits } from './build-limits';
import type { BuildPlan } from './plan-build';

export interface BuildSteps extends BuildLimits {
  plan: BuildPlan;
  snapshotId: SnapshotId;
  /** Compare with the published version at once: one reading tells the difference and the fingerprint. */
  compare: boolean;
  /** The snapshot was imported: the exporting transaction should end now. */
  onSnapshotTaken: () => Promise<void>;
}

export const buildModel = (builder: Builder, steps: BuildSteps): Promise<ComparedVersion> => {
  const { plan, snapshotId, compare, onSnapshotTaken, ...limits } = steps;
  const { definition, bound, groupKey, attempt } = plan;
  const { published, publishedVersion } = definition;
  return buildVersion({
    builder,
    snapshotId,
    projectId: definition.projectId,
    modelId: definition.id,
    version: attempt,
    text: bound.text,
    toUserPosition: bound.toUserPosition,
    indexes: definition.indexes,
    groupKey,
    base: compare && published ? { ...published, version: publishedVersion } : null,
    onColumns: (columns) => refuseSchema(definition, columns),
    onSnapshotTaken,
    ...limits,
  });
};

const refuseSchema = ({ published, schemaPolicy }: BuildDefinition, columns: Column[]): void => {
  if (!published) return;
  const verdict = checkSchemaPolicy(published.columns, columns, schemaPolicy);
  if (!verdict.ok) throw new FreshetError('schema_incompatible', verdict.reason);
};

/** Tells whoever looks at the table, by whatever tool, what it is. */
export const commentBuild = async (
  builder: Builder,
  { definition, attempt: version, contents }: BuildPlan,
  refreshId: string,
): Promise<void> => {
  const { projectId, id: modelId, name } = definition;
  const from = contents ? `, from ${contents}` : '';
  const text = `${name}, version ${version}, built by refresh ${refreshId}${from}`;
  const table = qualifiedVersion({ projectId, modelId, version });
  await builder.query(`COMMENT ON TABLE ${table} IS ${escapeLiteral(text)}`);
};

/** A leftover that is busy, or whose drop is lost with its connection, is found by the sweeper. */
export const dropBuild = async (
  client: Parameters<typeof dropTable>[0],
  { definition, attempt }: Pick<BuildPlan, 'definition' | 'attempt'>,
): Promise<void> => {
  await dropTable(client, projectSchema(definition.projectId), modelTable(definition.id, attempt)).catch(
    () => false,
  );
};
