/** The decisions that the simulated processes ask for; the production protocol is exactly the functions of this library. */
import type { CascadeState, ModelState } from '../cascade-state';
import { afterInterruption } from '../failures';
import { headOf } from '../heads';
import { currentVector, vectorFrom, type InputVector } from '../input-vector';
import { decidePublish } from '../publish-fence';
import { planDispatch, shouldRun } from '../readiness';
import { decidePublishSet } from '../set-fence';
import type { SimulatedModel, World } from './world';

export interface Protocol {
  planDispatch: typeof planDispatch;
  shouldRun: typeof shouldRun;
  decidePublish: typeof decidePublish;
  decidePublishSet: typeof decidePublishSet;
  afterInterruption: typeof afterInterruption;
  /** The version of an upstream model that a build reads. */
  headOf: (model: ModelState) => number;
  /** What the dispatcher and the workers load from the database. */
  load(world: World): CascadeState;
  /** The vector that a build stores, given the one of its snapshot, at the moment of publishing. */
  vectorToStore(world: World, model: SimulatedModel, inSnapshot: InputVector): InputVector;
  /** Whether a one-off shadow build stores its vector. */
  asksStoreVectors: boolean;
  /** Places at which another protocol keeps its own books. */
  sliceBegins?(streamId: string): unknown;
  sliceCommits?(world: World, streamId: string): void;
  definitionOrForceChanges?(modelId: string): void;
  versionMoves?(world: World, modelId: string): void;
  snapshotTaken?(modelId: string, attempt: number): unknown;
  buildStored?(modelId: string, attempt: number): void;
}

export const production = (): Protocol => ({
  planDispatch,
  shouldRun,
  decidePublish,
  decidePublishSet,
  afterInterruption,
  headOf,
  load: (world) => world,
  vectorToStore: (_world, _model, inSnapshot) => inSnapshot,
  asksStoreVectors: false,
});

/** The vector of this moment, read from the world's own books whatever the protocol shows of them. */
export const vectorNow = (world: World, model: SimulatedModel): InputVector => currentVector(model, world);

/** The vector of a snapshot taken at this moment. */
export const vectorInSnapshot = (world: World, model: SimulatedModel): InputVector =>
  vectorFrom(model, {
    revisionOf: (id) => world.streams[Number(id)]?.revision,
    versionOf: (id) => {
      const upstream = world.models[Number(id)];
      return upstream && world.protocol.headOf(upstream);
    },
  });
