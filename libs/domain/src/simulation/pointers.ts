/** What moves the pointers that readers follow: sets that are published, and people who choose a version. */
import type { PublishSet, SetMember, SetRow } from '../set-fence';
import { checkPublishedSet } from './invariants';
import { isHeld, modelOf, type SimulatedModel, type World } from './world';

/** All pointers of a set in one step, or none. */
export function publishSet(world: World, { members }: PublishSet, wasUndisturbed: boolean): boolean {
  const rows = members.map((member): SetRow => ({
    member,
    row: rowOf(world, modelOf(world, member.modelId)),
  }));
  if (!world.protocol.decidePublishSet(rows).publish) return false;
  const before = members.map(({ modelId }) => modelOf(world, modelId).publishedVector);
  for (const { modelId, version } of members) movePointer(world, modelOf(world, modelId), version);
  world.publications.push({ modelIds: members.map(({ modelId }) => modelId), at: world.now });
  checkPublishedSet(world, members, before, wasUndisturbed);
  return true;
}

const rowOf = (world: World, model: SimulatedModel): SetRow['row'] => ({
  ...model,
  mode: isShadowed({ ...model, pinnedVersion: null }, world.now) ? 'shadow' : 'live',
  inputHeld: isHeld(world, model.id),
  candidateVector:
    model.candidateVersion === null ? null : (model.versions.get(model.candidateVersion)?.vector ?? null),
});

/** It counts as not built. */
export function dropCandidate(world: World, { modelId, version }: SetMember): boolean {
  const model = modelOf(world, modelId);
  if (model.candidateVersion !== version) return false;
  model.candidateVersion = null;
  standOnPublished(model);
  world.protocol.versionMoves?.(world, modelId);
  return true;
}

/** Live again; its latest build becomes its candidate, unless readers see it already. */
export function endShadowMode(world: World, model: SimulatedModel): boolean {
  if (model.mode === 'live' || model.shadowUntil === null || model.shadowUntil > world.now) return false;
  world.interventions++;
  model.mode = 'live';
  model.shadowUntil = null;
  if (model.pinnedVersion !== null || model.latestVersion === model.publishedVersion) return true;
  model.candidateVersion = model.latestVersion;
  return true;
}

/** A person moves the pointer, or lets the cascade have it again from where it stands. */
export function movePointer(world: World, model: SimulatedModel, version: number): void {
  model.publishedVersion = version;
  model.publishedVector = model.versions.get(version)?.vector ?? null;
  model.candidateVersion = null;
  model.owedSince = null;
  world.protocol.versionMoves?.(world, model.id);
}

export function standOnPublished(model: SimulatedModel): void {
  model.builtVector = model.publishedVector;
  model.latestVersion = model.publishedVersion;
}

export const isShadowed = (
  { pinnedVersion, mode, shadowUntil }: Pick<SimulatedModel, 'pinnedVersion' | 'mode' | 'shadowUntil'>,
  now: number,
): boolean => pinnedVersion !== null || (mode === 'shadow' && (shadowUntil === null || shadowUntil > now));
