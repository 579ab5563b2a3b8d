import fc from 'fast-check';
import { searchChaos } from './chaos';
import { counterProtocol } from './counter-protocol';
import * as mutants from './mutants';
import { production } from './protocol';
import { join } from './topologies';

describe('the protocol keeps its promises, whatever happens in whatever order', () => {
  test('to any project: syncs, refreshes, kills, lost sessions and Redis, edits, opt-outs, pins, holds, failures', () => {
    expect(searchChaos(production, 6_000).errorInstance).toBeNull();
  });

  test('to one model over two sources, the smallest project in which an update can be lost', () => {
    expect(searchChaos(production, 6_000, fc.constant(join)).errorInstance).toBeNull();
  });
});

describe('the simulation would notice', () => {
  test('finds the lost update of a counter-based wanted/built protocol', () => {
    const found = searchChaos(counterProtocol, 10_000, fc.constant(join));
    expect(String(found.errorInstance)).toContain('no update is lost');
  });

  test.each([
    [
      'a fence that does not compare attempts',
      mutants.fenceWithoutAttempts,
      'publishing never goes back in time',
    ],
    [
      'a fence that does not compare definitions',
      mutants.fenceWithoutDefinition,
      'no result of an outdated definition',
    ],
    ['a fence that does not look for holds', mutants.fenceWithoutHold, 'held data is not published'],
    ['a fence that does not look for pins', mutants.fenceWithoutPin, 'a pinned model stays at its version'],
    ['publishing of equal results', mutants.withoutEarlyCutOff, 'an equal result keeps its version'],
    ['a vector read when publishing', mutants.vectorReadWhenPublishing, 'the stored vector tells the truth'],
  ])('finds %s', (_what, mutant, promise) => {
    expect(String(searchChaos(mutant, 10_000).errorInstance)).toContain(promise);
  });
});
