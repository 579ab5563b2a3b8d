/** The publishing transaction of one build: the fence decides, and what it says is stored. */
import { noFailure } from '../failures';
import type { PublishDecision } from '../publish-fence';
import { checkStoredBuild, checkVectorTellsTheTruth } from './invariants';
import { isShadowed } from './pointers';
import { isHeld, modelOf, type SimulatedModel, type World } from './world';
import type { Snapshot, Worker } from './worker-state';

export function storeBuild(world: World, worker: Worker): void {
  const model = modelOf(world, worker.modelId);
  const snapshot = worker.snapshot as Snapshot;
  const { kind, attempt, equalsVersion } = worker;
  const mode = isShadowed({ ...model, pinnedVersion: null }, world.now)
    ? ('shadow' as const)
    : ('live' as const);
  const decision = world.protocol.decidePublish(
    { ...model, mode, inputHeld: isHeld(world, worker.modelId) },
    {
      kind,
      attempt,
      equalsVersion,
      lastStartedAttemptInSnapshot: snapshot.lastStartedAttempt,
      vector: snapshot.vector,
    },
  );
  world.history.push({ modelId: model.id, at: world.now, outcome: decision.outcome });
  if (decision.outcome === 'skipped') return;
  checkStoredBuild(world, model, worker, decision);
  const builtVector = world.protocol.vectorToStore(world, model, snapshot.vector);
  if (decision.outcome !== 'unchanged') {
    const { result: content, order } = snapshot;
    model.versions.set(attempt, { content, order, vector: builtVector });
  }
  if (decision.outcome === 'aside') {
    if (world.protocol.asksStoreVectors) model.builtVector = builtVector;
    checkVectorTellsTheTruth(world, model);
    return;
  }
  keep(model, decision, attempt, snapshot, builtVector);
  if (decision.outcome === 'publish' || decision.outcome === 'candidate') {
    world.protocol.versionMoves?.(world, model.id);
  }
  model.lastFinishedAttempt = attempt;
  model.lastSnapshot = snapshot.order;
  world.protocol.buildStored?.(model.id, attempt);
  checkVectorTellsTheTruth(world, model);
}

type Stored = Exclude<PublishDecision, { outcome: 'skipped' }>;

function keep(
  model: SimulatedModel,
  decision: Stored,
  attempt: number,
  snapshot: Snapshot,
  builtVector: SimulatedModel['builtVector'],
): void {
  const version = decision.outcome === 'unchanged' ? decision.keeps : attempt;
  const kept = model.versions.get(version);
  if (kept && builtVector) Object.assign(kept, { vector: builtVector, order: snapshot.order });
  if (decision.outcome === 'publish') model.publishedVersion = attempt;
  const isCandidate =
    decision.outcome === 'candidate' ||
    (decision.outcome === 'unchanged' && version !== model.publishedVersion);
  model.candidateVersion = isCandidate ? version : null;
  model.publishedVector = model.versions.get(model.publishedVersion)?.vector ?? null;
  model.latestVersion = version;
  Object.assign(model, noFailure, { builtVector, requestedAt: null, requestClass: null });
  if (!isCandidate) model.owedSince = null;
}
