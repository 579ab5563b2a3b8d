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

/** Of two projects: tables 0 to 2 of two sources are the first's, 3 and 4 the second's. */
const streams = [0, 0, 1, 2, 2];
const tablesOfProject = [
  [0, 1, 2],
  [3, 4],
];

const anyMode = fc.constantFrom('each' as const, 'together' as const);

/** Up to six models of one or two projects; each reads tables and models before it, so there is no circle. */
export const anyTopology: fc.Arbitrary<Topology> = fc
  .tuple(
    fc.array(
      fc.record({
        reads: fc.array(fc.nat(62), { minLength: 1, maxLength: 3 }),
        coarse: fc.boolean().map((isCoarse) => (isCoarse ? 4 : 1)),
        updatesOn: fc.constantFrom('all' as const, 'any' as const),
        project: fc.constantFrom(0, 0, 0, 1),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    fc.tuple(anyMode, anyMode),
    fc.constantFrom('acme', 'globex'),
  )
  .map(([models, [mode, otherMode], organizationId]) => ({
    streams,
    projects: [
      { organizationId: 'acme', publishMode: mode },
      { organizationId, publishMode: otherMode },
    ],
    models: models.map(({ reads, ...rest }, index) => ({
      ...rest,
      reads: inputsOf(reads, [
        ...(tablesOfProject[rest.project] ?? []).map(table),
        ...models
          .slice(0, index)
          .flatMap(({ project }, before) => (project === rest.project ? [model(before)] : [])),
      ]),
    })),
  }));

const inputsOf = (numbers: readonly number[], choices: readonly ModelInput[]): ModelInput[] =>
  [...new Set(numbers.map((number) => number % choices.length))].flatMap((place) => choices[place] ?? []);

export const together = ({ streams, models }: Topology): Topology => ({
  streams,
  models,
  projects: [{ organizationId: 'acme', publishMode: 'together' }],
});
