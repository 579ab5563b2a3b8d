/** Shapes of projects: some known ones, and any that fast-check can think of. */
import fc from 'fast-check';
import type { ModelInput } from '../graph';
import type { Topology } from './world';

const table = (id: number): ModelInput => ({ kind: 't', id: String(id) });
const model = (id: number): ModelInput => ({ kind: 'm', id: String(id) });

/** 0 above 1 and 2, both above 3. */
export const diamond: Topology = {
  streams: [0],
  models: [
    { reads: [table(0)] },
    { reads: [model(0)] },
    { reads: [model(0), table(0)] },
    { reads: [model(1), model(2)] },
  ],
};

export const chainOfFour: Topology = {
  streams: [0],
  models: [{ reads: [table(0)] }, { reads: [model(0)] }, { reads: [model(1)] }, { reads: [model(2)] }],
};

/** One model over two tables of two sources: the smallest in which an update can be lost. */
export const join: Topology = { streams: [0, 1], models: [{ reads: [table(0), table(1)] }] };

const streams = [0, 0, 1];

/** Up to six models; each reads some tables and models before it, so there is no circle. */
export const anyTopology: fc.Arbitrary<Topology> = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(62), { minLength: 1, maxLength: 3 }),
      coarse: fc.boolean(),
      updatesOn: fc.constantFrom('all' as const, 'any' as const),
      organizationId: fc.constantFrom('acme', 'globex'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((models) => ({
    streams,
    models: models.map(({ reads, ...rest }, index) => ({ ...rest, reads: inputsOf(reads, index) })),
  }));

function inputsOf(numbers: readonly number[], modelsBefore: number): ModelInput[] {
  const distinct = new Set(numbers.map((number) => number % (streams.length + modelsBefore)));
  return [...distinct].map((number) =>
    number < streams.length ? table(number) : model(number - streams.length),
  );
}
