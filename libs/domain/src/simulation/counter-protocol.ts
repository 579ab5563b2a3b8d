/**
 * The obvious protocol that loses updates, kept to prove that the simulation would notice: `wanted` is drawn from a
 * sequence in the transaction that changes an input, `built` is the `wanted` that a build saw, and a model is owed while
 * wanted > built. Numbers are drawn in one order and committed in another, so a late commit can hide behind a later
 * number that a build has already seen.
 */
import type { CascadeState } from '../cascade-state';
import { inputKey, type ModelInput } from '../graph';
import { production, vectorNow, type Protocol } from './protocol';
import { decidePublishSet } from '../set-fence';
import type { SimulatedModel, World } from './world';

export function counterProtocol(): Protocol {
  let sequence = 0;
  const drawn = new Map<string, number>();
  const wanted = new Map<string, number>();
  const built = new Map<string, number>();
  const seen = new Map<string, number>();

  const raise = (modelId: string, number: number): void => {
    wanted.set(modelId, Math.max(wanted.get(modelId) ?? 0, number));
  };
  const raiseReaders = (world: World, input: ModelInput, number: number): void => {
    for (const model of world.models) {
      if (model.inputs.some((each) => inputKey(each) === inputKey(input))) raise(model.id, number);
    }
  };
  const isOwed = (model: SimulatedModel): boolean => (wanted.get(model.id) ?? 0) > (built.get(model.id) ?? 0);

  return {
    ...production(),
    sliceBegins: (streamId) => drawn.set(streamId, ++sequence),
    sliceCommits: (world, streamId) =>
      raiseReaders(world, { kind: 't', id: streamId }, drawn.get(streamId) ?? 0),
    definitionOrForceChanges: (modelId) => raise(modelId, ++sequence),
    versionMoves: (world, modelId) => raiseReaders(world, { kind: 'm', id: modelId }, ++sequence),
    snapshotTaken: (modelId, attempt) => seen.set(`${modelId}/${attempt}`, wanted.get(modelId) ?? 0),
    buildStored: (modelId, attempt) => {
      built.set(modelId, Math.max(built.get(modelId) ?? 0, seen.get(`${modelId}/${attempt}`) ?? 0));
    },
    // What it shows as vectors are none, so they can't be compared.
    decidePublishSet: (rows) =>
      decidePublishSet(
        rows.map(({ member, row }) => ({ row, member: { ...member, vector: row?.candidateVector ?? {} } })),
      ),
    load: (world): CascadeState => ({
      ...world,
      models: world.models.map((model) => ({ ...model, builtVector: asVector(world, model, isOwed(model)) })),
    }),
  };
}

/** What the counters say, in the words of the rules: owed exactly when this differs from the current vector. */
function asVector(world: World, model: SimulatedModel, isOwed: boolean): SimulatedModel['builtVector'] {
  if (!model.builtVector) return null;
  const current = vectorNow(world, model);
  return isOwed ? { ...current, f: model.builtVector['f'] ?? 0, counter: 1 } : current;
}
