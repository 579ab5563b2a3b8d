/** The refresh worker, one interruptible step at a time: take a job, lock, look, lease, snapshot, build, publish, release, dispatch. */
import { afterFailure } from '../failures';
import { truthOf } from './content';
import { carryOutDispatch, decideDispatch } from './dispatcher';
import { buryDead } from './interruptions';
import { checkSlots } from './invariants';
import { vectorInSnapshot } from './protocol';
import { storeBuild } from './store-build';
import { limits, modelOf, type World } from './world';
import { idleWorker, type Snapshot, type Worker } from './worker-state';

/** Carries out the worker's next step; returns false when it had nothing to do. */
export function stepWorker(world: World, index: number): boolean {
  const worker = world.workers[index];
  if (!worker || worker.busyUntil > world.now) return false;
  switch (worker.stage) {
    case 'idle':
      return takeJob(world, worker);
    case 'taken':
      return lock(world, worker, index);
    case 'locked':
      return look(world, worker);
    case 'checked':
      return lease(world, worker);
    case 'leased':
      return takeSnapshot(world, worker);
    case 'building':
      return build(world, worker, index);
    case 'built':
      storeBuild(world, worker);
      worker.stage = 'ended';
      return true;
    case 'ended':
      return release(world, worker, index);
    case 'released':
      worker.dispatch = decideDispatch(world, modelOf(world, worker.modelId).organizationId);
      worker.stage = 'dispatching';
      return true;
    case 'dispatching':
      return finish(world, worker, index);
  }
}

function takeJob(world: World, worker: Worker): boolean {
  const job = world.queue.take();
  if (!job) return false;
  Object.assign(worker, { stage: 'taken', jobId: job.id, modelId: job.modelId });
  return true;
}

/** Without a free slot, or while another refresh holds the model, the job ends: the model stays owed. */
function lock(world: World, worker: Worker, index: number): boolean {
  if (world.locks.size >= limits.slots || world.locks.has(worker.modelId))
    return finish(world, worker, index);
  world.locks.set(worker.modelId, index);
  worker.stage = 'locked';
  return true;
}

function look(world: World, worker: Worker): boolean {
  buryDead(world);
  const decision = world.protocol.shouldRun(world.protocol.load(world), worker.modelId, world.now, limits);
  if (decision.run) Object.assign(worker, { kind: decision.kind, vector: decision.vector });
  worker.stage = decision.run ? 'checked' : 'ended';
  return true;
}

function lease(world: World, worker: Worker): boolean {
  const model = modelOf(world, worker.modelId);
  worker.attempt = ++model.lastStartedAttempt;
  model.leaseUntil = world.now + limits.lease;
  if (worker.kind === 'live') model.running = { attempt: worker.attempt, vector: worker.vector };
  model.asks = model.asks.filter(({ kind }) => kind !== worker.kind);
  worker.stage = 'leased';
  checkSlots(world);
  return true;
}

function takeSnapshot(world: World, worker: Worker): boolean {
  const model = modelOf(world, worker.modelId);
  const vector = vectorInSnapshot(world, model);
  worker.snapshot = {
    vector,
    result: truthOf(world, model, vector),
    lastStartedAttempt: model.lastStartedAttempt,
    order: ++world.snapshots,
  };
  world.protocol.snapshotTaken?.(model.id, worker.attempt);
  worker.busyUntil = world.now + world.buildTime;
  worker.stage = 'building';
  return true;
}

function build(world: World, worker: Worker, index: number): boolean {
  const model = modelOf(world, worker.modelId);
  const snapshot = worker.snapshot as Snapshot;
  if (model.failing === 'kill') {
    killWorker(world, index);
    return true;
  }
  if (model.failing) fail(world, worker, snapshot);
  worker.stage = model.failing || worker.kind === 'dry' ? 'ended' : 'built';
  const isEqual = (version: number | null): boolean =>
    version !== null && model.versions.get(version)?.content === snapshot.result;
  const equal = [model.candidateVersion, model.publishedVersion].find(isEqual);
  worker.equalsVersion = equal ?? null;
  return true;
}

function fail(world: World, worker: Worker, snapshot: Snapshot): void {
  const model = modelOf(world, worker.modelId);
  world.history.push({ modelId: model.id, at: world.now, outcome: 'failed' });
  if (worker.kind !== 'live' || worker.attempt <= model.lastFinishedAttempt) return;
  if (!model.failing || model.failing === 'kill') return;
  const { givenUp: _, ...stored } = afterFailure(
    model,
    { vector: snapshot.vector, verdict: model.failing },
    world.now,
    limits,
  );
  Object.assign(model, stored);
}

function release(world: World, worker: Worker, index: number): boolean {
  const model = modelOf(world, worker.modelId);
  if (worker.attempt === model.lastStartedAttempt && worker.attempt > 0) {
    model.leaseUntil = null;
    model.running = null;
  }
  unlock(world, index);
  worker.stage = 'released';
  return true;
}

/** A lock that another worker has taken since the session was lost is not touched. */
function unlock(world: World, index: number): void {
  for (const [modelId, holder] of world.locks) if (holder === index) world.locks.delete(modelId);
}

function finish(world: World, worker: Worker, index: number): boolean {
  if (worker.dispatch) carryOutDispatch(world, worker.dispatch);
  world.queue.complete(worker.jobId);
  world.workers[index] = idleWorker();
  return true;
}

/** kill -9: sessions end and with them the locks; the lease stays until it expires; the job comes back as stalled. */
export function killWorker(world: World, index: number): void {
  const worker = world.workers[index];
  if (!worker) return;
  unlock(world, index);
  world.queue.stall(worker.jobId);
  world.workers[index] = idleWorker();
}

/** The worker loses its session and its job, notices neither, and goes on: the hard case for the fence. */
export function disconnectWorker(world: World, index: number): void {
  const worker = world.workers[index];
  if (!worker || worker.stage === 'idle') return;
  unlock(world, index);
  world.queue.stall(worker.jobId);
  worker.connected = false;
}

/** Time passes. Those that live renew their leases. */
export function advance(world: World, milliseconds: number): void {
  world.now += milliseconds;
  for (const worker of world.workers) {
    const runs = worker.stage === 'leased' || worker.stage === 'building' || worker.stage === 'built';
    const model = runs && worker.connected ? modelOf(world, worker.modelId) : undefined;
    if (model && model.lastStartedAttempt === worker.attempt) model.leaseUntil = world.now + limits.lease;
  }
}
