/** Tells whether a new version says anything new, and by how much it differs from the published one. */
import type { Column, ModelIndex, VersionDiff } from '@freshet/contracts';
import type { PublishedVersion } from '@freshet/persistence';
import {
  cancelledBy,
  compareVersions,
  throwSqlError,
  type Builder,
  type BuiltVersion,
  type VersionDifference,
} from '@freshet/warehouse';
import type { BuildPlan } from './plan-build';

export interface BuildComparison {
  /** The candidate if the result equals it, else the published version if it equals that; null: neither. */
  equalsVersion: number | null;
  /** Against the published version. */
  difference: VersionDifference;
  /** The same column by column, for a result that readers are not to see yet. */
  comparison: VersionDiff | null;
}

export const compareBuild = async (
  builder: Builder,
  plan: BuildPlan,
  built: BuiltVersion,
  signal: AbortSignal,
): Promise<BuildComparison> => {
  const { published, publishedVersion, candidate, candidateVersion, indexes } = plan.definition;
  const isPublished = published !== null && equals(published, built, indexes);
  const isCandidate = candidate !== null && equals(candidate, built, indexes);
  const equalsVersion = isCandidate ? candidateVersion : isPublished ? publishedVersion : null;
  const difference = isPublished ? noDifference : await differ(builder, plan, built, signal);
  return { equalsVersion, difference, comparison: null };
};

const noDifference: VersionDifference = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };

const differ = (
  builder: Builder,
  { definition, attempt }: BuildPlan,
  built: BuiltVersion,
  signal: AbortSignal,
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
  ).catch((error: unknown) => throwSqlError(error, { signal }));
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
