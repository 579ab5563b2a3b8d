/** What a model's query gives: a number computed from the numbers of its inputs, so that staleness can be seen. */
import type { InputVector } from '../input-vector';
import { inputKey, type ModelInput } from '../graph';
import { modelOf, streamOf, type Definition, type SimulatedModel, type World } from './world';

const modulus = 1_000_003;

function compute(
  model: SimulatedModel,
  definition: Definition,
  contentOf: (input: ModelInput) => number,
): number {
  const sum = definition.inputs.reduce((total, input, place) => total + (place + 1) * contentOf(input), 0);
  return (Math.floor(sum / model.coarse) + 1_000 * definition.salt) % modulus;
}

/** The right result over what the inputs held when they stood as in `vector`. */
export const truthOf = (world: World, model: SimulatedModel, vector: InputVector): number =>
  compute(model, model.definitions[vector['d'] ?? 0] ?? { inputs: [], salt: 0 }, (input) => {
    const at = vector[inputKey(input)] ?? 0;
    return (
      (input.kind === 't'
        ? streamOf(world, input.id).contents[at]
        : modelOf(world, input.id).versions.get(at)?.content) ?? 0
    );
  });
