import { cascadeOf } from './examples/cascade-example';
import { currentVector, explainDifference, inputNames, vectorDifference, vectorsEqual } from './input-vector';

const state = cascadeOf({
  streams: { 'ga_main.traffic': { revision: 813 }, orders: { revision: 4 } },
  models: {
    daily: { reads: ['ga_main.traffic'], publishedVersion: 18 },
    top: { reads: ['ga_main.traffic', 'orders', 'daily', 'gone'], definitionRevision: 3, forced: 2 },
    unbuilt: { reads: ['orders'], neverBuilt: true },
    above: { reads: ['unbuilt'] },
  },
});
const vectorOf = (id: string) => {
  const model = state.models.find((each) => each.id === id);
  return model && currentVector(model, state);
};

test('a vector holds revisions, versions, the definition and what was asked for', () => {
  expect(vectorOf('top')).toEqual({
    't:ga_main.traffic': 813,
    't:orders': 4,
    'm:daily': 18,
    't:gone': 0,
    d: 3,
    f: 2,
  });
});

test('a model without a version counts as version 0', () => {
  expect(vectorOf('above')).toEqual({ 'm:unbuilt': 0, d: 1, f: 0 });
});

test.each([
  ['the same numbers', { a: 1, d: 1 }, { d: 1, a: 1 }, true],
  ['another number', { a: 1, d: 1 }, { a: 2, d: 1 }, false],
  ['one input more', { a: 1 }, { a: 1, b: 0 }, false],
  ['another input', { a: 1, b: 1 }, { a: 1, c: 1 }, false],
  ['no build and none', null, null, true],
  ['no build and one', null, {}, false],
])('vectors compared: %s', (_what, a, b, equal) => {
  expect(vectorsEqual(a, b)).toBe(equal);
  expect(vectorsEqual(b, a)).toBe(equal);
});

describe('why, in one clause', () => {
  const names = { 't:1': 'ga_main.traffic', 't:2': 'orders', 'm:3': 'daily', 't:4': 'refunds', 't:5': 'ads' };
  const base = { 't:1': 812, 't:2': 4, d: 1, f: 0 };
  test.each([
    [
      'one of two inputs changed',
      base,
      { ...base, 't:1': 813 },
      'ga_main.traffic went 812 → 813; orders unchanged',
    ],
    [
      'both changed',
      base,
      { ...base, 't:1': 813, 't:2': 6 },
      'ga_main.traffic went 812 → 813; orders went 4 → 6',
    ],
    ['an upstream model published', { 'm:3': 1, d: 1, f: 0 }, { 'm:3': 2, d: 1, f: 0 }, 'daily went 1 → 2'],
    ['its definition', base, { ...base, d: 2 }, 'its SQL was changed'],
    ['asked for', base, { ...base, f: 1 }, 'a refresh was asked for'],
    [
      'asked for and changed',
      base,
      { ...base, f: 1, 't:2': 5 },
      'a refresh was asked for; orders went 4 → 5; ga_main.traffic unchanged',
    ],
    [
      'an input more',
      base,
      { ...base, d: 2, 'm:3': 7 },
      'its SQL was changed; daily is read now; ga_main.traffic, orders unchanged',
    ],
    [
      'an input less',
      base,
      { 't:1': 812, d: 2, f: 0 },
      'its SQL was changed; orders is no longer read; ga_main.traffic unchanged',
    ],
    ['never built', null, base, 'This is its first build.'],
    ['nothing', base, base, 'nothing changed since its last build'],
    [
      'an input that has no name any more',
      { 't:9': 1, d: 1, f: 0 },
      { 't:9': 2, d: 1, f: 0 },
      'a deleted input went 1 → 2',
    ],
    [
      'many',
      { 't:1': 1, 't:2': 1, 'm:3': 1, 't:4': 1, 't:5': 1, d: 1, f: 0 },
      { 't:1': 2, 't:2': 2, 'm:3': 2, 't:4': 2, 't:5': 2, d: 1, f: 0 },
      'ga_main.traffic went 1 → 2; orders went 1 → 2; daily went 1 → 2; 2 more inputs changed',
    ],
    [
      'one of many',
      { 't:1': 1, 't:2': 1, 'm:3': 1, 't:4': 1, 't:5': 1, d: 1, f: 0 },
      { 't:1': 2, 't:2': 1, 'm:3': 1, 't:4': 1, 't:5': 1, d: 1, f: 0 },
      'ga_main.traffic went 1 → 2; 4 other inputs unchanged',
    ],
  ])('%s', (_what, built, current, clause) => {
    expect(explainDifference(vectorDifference(built, current), names)).toBe(clause);
  });

  test('names come from the state', () => {
    expect(inputNames(state)).toMatchObject({ 't:orders': 'orders', 'm:daily': 'daily' });
  });
});
