/** Moves what a plan says the pointers have to move by: shadow modes that end, candidates that are lost, sets that are complete. */
import { decidePublishSet, type DispatchPlan } from '@freshet/domain';
import { dropCandidates, endShadowModes, lockSetRows, publishSets, type Sql } from '@freshet/persistence';
import { failpoint } from '@freshet/service-kit';

/**
 * In the dispatcher's transaction, under its lock. Each set is published whole or, when a member changed since the plan
 * was made, not at all.
 * @returns whether something moved, so that the plan is no longer true
 */
export async function movePointers(
  sql: Sql,
  { shadowsOver, dropped, publishSets: complete }: DispatchPlan,
): Promise<boolean> {
  if (shadowsOver.length || dropped.length) {
    await dropCandidates(sql, dropped);
    await endShadowModes(sql, shadowsOver);
    return true;
  }
  if (!complete.length) return false;
  const rows = await lockSetRows(
    sql,
    complete.flatMap(({ members }) => members),
  );
  await failpoint('dispatch.before-publish-set');
  const publishable = complete.filter(
    ({ members }) => decidePublishSet(rows.filter(({ member }) => members.includes(member))).publish,
  );
  if (!publishable.length) return false;
  await publishSets(sql, publishable);
  await failpoint('dispatch.in-publish-set');
  return true;
}
