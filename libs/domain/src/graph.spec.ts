import fc from 'fast-check';
import {
  buildGraph,
  downstreamOf,
  findCycle,
  planCascade,
  topologicalOrder,
  upstreamOf,
  type Graph,
  type GraphModel,
  type ModelInput,
} from './graph';

const inputs = (...keys: string[]): ModelInput[] =>
  keys.map((key) => ({ kind: key.startsWith('t:') ? 't' : 'm', id: key.replace(/^[tm]:/, '') }));
const graphOf = (models: Record<string, string[]>): Graph =>
  buildGraph(Object.entries(models).map(([id, reads]) => ({ id, inputs: inputs(...reads) })));

const shop = {
  top: ['daily', 'sales'],
  daily: ['t:traffic'],
  sales: ['t:orders', 't:refunds'],
  report: ['top', 't:orders'],
  alone: ['t:weather'],
};

test('downstream: all that read a table, directly or through other models', () => {
  const graph = graphOf(shop);
  expect([...downstreamOf(graph, inputs('t:traffic'))].sort()).toEqual(['daily', 'report', 'top']);
  expect([...downstreamOf(graph, inputs('daily'))].sort()).toEqual(['report', 'top']);
  expect([...downstreamOf(graph, inputs('t:nobody'))]).toEqual([]);
});

test('upstream: all that a model reads, directly or through other models', () => {
  const { models, streams } = upstreamOf(graphOf(shop), 'report');
  expect([...models].sort()).toEqual(['daily', 'sales', 'top']);
  expect([...streams].sort()).toEqual(['orders', 'refunds', 'traffic']);
});

describe('the plan of a cascade', () => {
  test('names every affected model once, in an order in which they can run, and nobody else', () => {
    const plan = planCascade(graphOf(shop), ['traffic', 'orders']);
    expect(plan).toEqual([
      { modelId: 'daily', depth: 0, because: ['t:traffic'] },
      { modelId: 'sales', depth: 0, because: ['t:orders'] },
      { modelId: 'top', depth: 1, because: ['m:daily', 'm:sales'] },
      { modelId: 'report', depth: 2, because: ['m:top', 't:orders'] },
    ]);
  });

  test('is empty for a table that nobody reads', () => {
    expect(planCascade(graphOf(shop), ['nobody'])).toEqual([]);
  });
});

describe('a circle is named', () => {
  test.each([
    ['a model that reads itself', {}, 'a', ['a'], ['a', 'a']],
    ['two that would read each other', { b: ['a'] }, 'a', ['b'], ['a', 'b', 'a']],
    [
      'a long way round',
      { b: ['c'], c: ['d'], d: ['a', 't:x'] },
      'a',
      ['t:x', 'b'],
      ['a', 'b', 'c', 'd', 'a'],
    ],
    ['the shortest of several', { b: ['c'], c: ['a'], d: ['a'] }, 'a', ['b', 'd'], ['a', 'd', 'a']],
  ])('%s', (_what, models, id, reads, cycle) => {
    expect(findCycle(graphOf(models), { id, inputs: inputs(...reads) })).toEqual(cycle);
  });

  test('none: a diamond is no circle, and a changed model is judged by its new inputs', () => {
    const graph = graphOf({ a: ['t:x'], b: ['a'], c: ['a'], d: ['b', 'c'] });
    expect(findCycle(graph, { id: 'e', inputs: inputs('d', 'a') })).toBeNull();
    expect(findCycle(graph, { id: 'd', inputs: inputs('a') })).toBeNull();
  });
});

test('looking for a circle comes to an end even above one that is there already', () => {
  const graph = graphOf({ b: ['c'], c: ['b'] });
  expect(findCycle(graph, { id: 'a', inputs: inputs('b') })).toBeNull();
});

/** Any models over each other, circles included: each reads up to three of the twelve. */
const anyModels = fc
  .array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((reads) =>
    reads.map((ids, index): GraphModel => ({ id: String(index), inputs: inputs(...ids.map(String)) })),
  );

/** Saves them one after the other, as people would, refusing each that closes a circle. */
const saveAll = (models: GraphModel[]): GraphModel[] =>
  models.reduce<GraphModel[]>((saved, model) => {
    const known = buildGraph(saved);
    return findCycle(known, model) ? saved : [...saved, model];
  }, []);

test('whatever people save, models that passed the check can always be put in order, inputs first', () => {
  fc.assert(
    fc.property(anyModels, (models) => {
      const saved = saveAll(models);
      const order = topologicalOrder(buildGraph(saved));
      expect([...order].sort()).toEqual(saved.map(({ id }) => id).sort());
      for (const model of saved) {
        for (const input of model.inputs)
          expect(order.indexOf(input.id)).toBeLessThan(order.indexOf(model.id));
      }
    }),
    { seed: 1 },
  );
});

test('a circle that is there all the same is left out of the order, and does not hang', () => {
  const graph = graphOf({ a: ['b'], b: ['a'], c: ['t:x'], d: ['c'] });
  expect(topologicalOrder(graph)).toEqual(['c', 'd']);
  expect([...downstreamOf(graph, inputs('a'))].sort()).toEqual(['a', 'b']);
});

test('an order of some of the models respects what lies between them', () => {
  const graph = graphOf({ a: ['t:x'], b: ['a'], c: ['b'] });
  expect(topologicalOrder(graph, ['c', 'a'])).toEqual(['a', 'c']);
});
