/** Tells whether a new version says anything new, and by how much it differs from the published one. */
import type { Column, ModelIndex, VersionDiff } from '@freshet/contracts';
import type { PublishedVersion } from '@freshet/persistence';
import {
  cancelledBy,
  compareVersions,
  diffVersions,
  throwSqlError,
  type Builder,
  type BuiltVersion,
  type ComparedVersion,
  type VersionDifference,
} from '@freshet/warehouse';
import type { BuildLimits } from './build-limits';
import type { BuildPlan } from './plan-build';

export interface BuildComparison {
  /** The candidate if the result equals it, else the published version if it equals that; null: neither. */
  equalsVersion: number | null;
  /** Against the published version. */
  difference: VersionDifference;
  /** The same column by column, for a result that readers are not to see yet. */
  comparison: VersionDiff | null;
}

/** @param thoroughly whether somebody is to look at the difference: a dry run, a shadow */
export const compareBuild = async (
  builder: Builder,
  plan: BuildPlan,
  built: ComparedVersion,
  { thoroughly, ...limits }: BuildLimits & { thoroughly: boolean },
): Promise<BuildComparison> => {
  const { published, publishedVersion, candidate, candidateVersion, indexes } = plan.definition;
  const isPublished = published !== null && equals(published, built, indexes);
  const isCandidate = candidate !== null && equals(candidate, built, indexes);
  const equalsVersion = isCandidate ? candidateVersion : isPublished ? publishedVersion : null;
  if (thoroughly) {
    const comparison = await diff(builder, plan, built, limits);
    const { rowsAdded, rowsRemoved, rowsChanged } = comparison;
    return { equalsVersion, difference: { rowsAdded, rowsRemoved, rowsChanged }, comparison };
  }
  const difference =
    built.difference ?? (isPublished ? noDifference : await count(builder, plan, built, limits));
  return { equalsVersion, difference, comparison: null };
};

const noDifference: VersionDifference = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };

const diff = (
  builder: Builder,
  { definition, attempt }: BuildPlan,
  built: BuiltVersion,
  limits: BuildLimits,
): Promise<VersionDiff> => {
  const { published, publishedVersion, projectId, id: modelId } = definition;
  return diffVersions(builder, {
    projectId,
    modelId,
    from: published && { version: publishedVersion, columns: published.columns },
    to: { version: attempt, columns: built.columns },
    ...limits,
  });
};

const count = (
  builder: Builder,
  { definition, attempt }: BuildPlan,
  built: BuiltVersion,
  { signal, statementTimeoutMs: timeoutMs }: BuildLimits,
): Promise<VersionDifference> => {
  const { published, publishedVersion, projectId, id: modelId, indexes } = definition;
  const key = published && commonKey(published.indexes, indexes);
  return cancelledBy(signal, builder, () =>
    compareVersions(builder, {
      projectId,
      modelId,
      old: published && { version: publishedVersion, columns: published.columns },
      next: { version: attempt, columns: built.columns },
      ...(key && { key }),
    }),
  ).catch((error: unknown) => throwSqlError(error, { signal, timeoutMs }));
};

const equals = (published: PublishedVersion, built: BuiltVersion, indexes: readonly ModelIndex[]): boolean =>
  published.contentHash === built.contentHash &&
  published.rowCount === built.rowCount &&
  sameColumns(published.columns, built.columns) &&
  sameIndexes(published.indexes, indexes);

/** Columns of a unique index that both have: rows are paired by it, so that a changed row is told from one removed and one added. */
const commonKey = (before: readonly ModelIndex[], now: readonly ModelIndex[]): string[] | undefined =>
  now.find(
    ({ unique, columns }) => unique && before.some((index) => index.unique && isSame(index.columns, columns)),
  )?.columns;

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);

const sameColumns = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length && a.every(({ name, type }, at) => name === b[at]?.name && type === b[at]?.type);

const sameIndexes = (a: readonly ModelIndex[], b: readonly ModelIndex[]): boolean =>
  a.length === b.length &&
  a.every((index, at) => index.unique === b[at]?.unique && isSame(index.columns, b[at]?.columns ?? []));
