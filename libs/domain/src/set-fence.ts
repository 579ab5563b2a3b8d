/** Whether the candidates of a set may be published: the decision under the row locks of all its members; all or none. */
import type { FenceRow } from './publish-fence';
import { vectorsEqual, type InputVector } from './input-vector';
import { explainSkip, type FenceReason } from './skip-reasons';

export interface PublishSet {
  /** In the order of ids. */
  members: SetMember[];
}

export interface SetMember {
  modelId: string;
  /** Its candidate, and what that was built from, as the plan saw them. */
  version: number;
  vector: InputVector;
}

/** The member's row as the publishing transaction finds it, after `SELECT … FOR UPDATE` in the order of ids; null: no such row. */
export interface SetRow {
  member: SetMember;
  row: (FenceRow & { paused: boolean; candidateVector: InputVector | null }) | null;
}

export type SetDecision =
  { publish: true } | { publish: false; modelId: string; reason: FenceReason['code']; sentence: string };

/** If one member was deleted, edited, pinned, held, paused or built again since the plan was made, none moves. */
export function decidePublishSet(rows: readonly SetRow[]): SetDecision {
  for (const { member, row } of rows) {
    const reason = against(member, row);
    if (!reason) continue;
    return { publish: false, modelId: member.modelId, reason: reason.code, sentence: explainSkip(reason, 0) };
  }
  return { publish: true };
}

function against({ version, vector }: SetMember, row: SetRow['row']): FenceReason | null {
  if (!row || row.deleted) return { code: 'model_deleted' };
  // An equal build keeps its version, but has seen more than the others by now.
  if (row.candidateVersion !== version || !vectorsEqual(row.candidateVector, vector))
    return { code: 'overtaken' };
  if (vector['d'] !== row.definitionRevision) return { code: 'definition_changed' };
  if (row.inputHeld) return { code: 'held_meanwhile' };
  if (row.paused) return { code: 'paused_meanwhile' };
  if (row.pinnedVersion !== null || row.mode === 'shadow') return { code: 'pinned_meanwhile' };
  return null;
}
