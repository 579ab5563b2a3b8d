/** Which version a model's name stands for while others are built from it; readers get the published one, always. */
import type { ModelState } from './cascade-state';

/**
 * The candidate, if there is one, else the published version; 0 before the first. So a set is built from itself, level by
 * level, and published when it is complete. A candidate that can't be published any more is dropped by the dispatcher,
 * and what was built from it is built again.
 */
export const headOf = (model: Pick<ModelState, 'candidateVersion' | 'publishedVersion'>): number =>
  model.candidateVersion ?? model.publishedVersion;
