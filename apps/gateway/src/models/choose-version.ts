/** Which of the versions built before may be shown: the rules of rollback, release and promotion. */
import { FreshetError } from '@freshet/contracts';
import type { FenceRow } from '@freshet/domain';
import type { KeptVersion } from '@freshet/persistence';

type Fence = Pick<FenceRow, 'definitionRevision' | 'publishedVersion' | 'inputHeld'>;

/** Throws `not_found` saying what is kept, or `conflict` for a version that is published with others or not at all. */
export function versionToRollBackTo(kept: readonly KeptVersion[], version: number): KeptVersion {
  const found = requireKept(kept, version);
  if (found.state === 'candidate')
    throw new FreshetError(
      'conflict',
      `Version ${version} waits until the other models of its set are built; it is published with them.`,
    );
  return found;
}

/**
 * The latest build that a model goes on from when nothing holds it any longer; null when there is none that may be
 * published: then the model is owed, and the dispatcher has it built.
 */
export function versionToReleaseTo(kept: readonly KeptVersion[], fence: Fence): KeptVersion | null {
  if (fence.inputHeld) return null;
  const latest = kept.find(
    ({ version, state }) => version > fence.publishedVersion && (state === 'shadow' || state === 'retired'),
  );
  return latest && isOfDefinition(latest, fence) && !latest.readsUnpublished ? latest : null;
}

/** Throws `not_found`, or `conflict` saying why that build may not be published. */
export function versionToPromote(kept: readonly KeptVersion[], version: number, fence: Fence): KeptVersion {
  const found = requireKept(kept, version);
  const refuse = (sentence: string): never => {
    throw new FreshetError('conflict', sentence);
  };
  if (found.state === 'live') return found;
  if (found.state === 'retired')
    refuse(`Version ${version} was published before. Use rollback to show it again.`);
  if (found.state === 'candidate')
    refuse(
      `Version ${version} waits until the other models of its set are built; it is published with them.`,
    );
  if (!isOfDefinition(found, fence))
    refuse(
      `Version ${version} was built from an earlier definition of the model. Refresh it to build the present one.`,
    );
  if (version < fence.publishedVersion)
    refuse(
      `Version ${version} is older than the published version ${fence.publishedVersion}. Use rollback to show it.`,
    );
  if (found.readsUnpublished)
    refuse(
      `Version ${version} was built from a version of another model that is not published. Refresh it first.`,
    );
  if (fence.inputHeld)
    refuse('A table it reads is held because its last sync looks wrong. Release that sync first.');
  return found;
}

/** Whether showing one instead of the other would change nothing that anybody can see. */
export const isSameContent = (a: KeptVersion, b: KeptVersion): boolean =>
  a.contentHash === b.contentHash &&
  a.rowCount === b.rowCount &&
  JSON.stringify([a.columns, a.indexes]) === JSON.stringify([b.columns, b.indexes]);

const isOfDefinition = ({ vector }: KeptVersion, { definitionRevision }: Fence): boolean =>
  vector['d'] === definitionRevision;

/** Throws `not_found` saying which versions are kept. */
export function requireKept(kept: readonly KeptVersion[], version: number): KeptVersion {
  const found = kept.find((each) => each.version === version);
  if (found) return found;
  const numbers = kept.map((each) => each.version).join(', ');
  const rest = numbers ? `Kept are: ${numbers}.` : 'None is kept yet: it was never built.';
  throw new FreshetError('not_found', `Version ${version} of the model is not kept. ${rest}`);
}
