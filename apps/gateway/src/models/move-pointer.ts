/** What a person's choice of a version does to a model that is held under its lock. */
import type { FenceRow, InputVector } from '@freshet/domain';
import {
  freeModel,
  listKeptVersions,
  publishStoredVersion,
  type KeptVersion,
  type Sql,
} from '@freshet/persistence';
import { modelTable, projectSchema } from '@freshet/warehouse';
import { isSameContent, versionToReleaseTo } from './choose-version';

/** A model under its lock: nothing is published until the transaction ends. */
export interface HeldModel {
  id: string;
  projectId: string;
  fence: FenceRow;
  kept: KeptVersion[];
}

export interface Move {
  /** The version to publish; null: the pointer stays, and the model is owed what it lacks. */
  to: KeptVersion | null;
  pin: boolean;
  /** What the model counts as built from now; null: stays as it is, or, without a version, nothing. */
  builtVector: InputVector | null;
}

export const keptVersions = (
  sql: Sql,
  { id, projectId }: { id: string; projectId: string },
): Promise<KeptVersion[]> =>
  listKeptVersions(sql, id, { schema: projectSchema(projectId), prefix: modelTable(id, 0).slice(0, -1) });

/**
 * Goes on to the latest build of the present definition. When there is none, the model counts as built from what its
 * published version was built from, so that the dispatcher has built whatever came since.
 */
export function moveOn({ fence, kept }: HeldModel): Move {
  const published = kept.find(({ version }) => version === fence.publishedVersion) ?? null;
  const latest = versionToReleaseTo(kept, fence);
  if (!latest) return { to: null, pin: false, builtVector: published?.vector ?? null };
  const isSame = published !== null && isSameContent(published, latest);
  return { to: isSame ? null : latest, pin: false, builtVector: latest.vector };
}

/** In the transaction that holds the model; the last thing it does. */
export async function makeMove(
  sql: Sql,
  { id, projectId }: HeldModel,
  { to, pin, builtVector }: Move,
): Promise<void> {
  if (!to) return freeModel(sql, { modelId: id, projectId, vector: builtVector });
  const { version, refreshId } = to;
  await publishStoredVersion(sql, { modelId: id, projectId, version, refreshId, pin, builtVector });
}
