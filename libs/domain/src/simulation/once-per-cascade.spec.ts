import fc from 'fast-check';
import { dispatcherThatLooksOneStepUp, workerThatDoesNotLook } from './mutants';
import { cascade, searchCascades } from './once-per-cascade';
import { production } from './protocol';
import { diamond } from './topologies';

test('a cascade refreshes each model whose inputs changed once and no other, in any order of events', () => {
  expect(searchCascades(production, 2_000).errorInstance).toBeNull();
});

test('in a diamond the bottom comes once, after both sides', () => {
  expect(searchCascades(production, 500, fc.constant(diamond)).errorInstance).toBeNull();
  const aSliceCommits = 7;
  const world = cascade(diamond, [aSliceCommits], production());
  expect(world.history.map(({ modelId }) => modelId)).toEqual(['0', '1', '2', '3']);
});

test.each([
  ['a dispatcher that looks only one step up', dispatcherThatLooksOneStepUp],
  ['a worker that does not look whether its model is still owed', workerThatDoesNotLook],
])('finds %s', (_what, mutant) => {
  expect(String(searchCascades(mutant, 2_000).errorInstance)).toContain('once per cascade');
});
