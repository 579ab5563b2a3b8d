import fc from 'fast-check';
import { searchChaos } from './chaos';
import { counterProtocol } from './counter-protocol';
import * as mutants from './mutants';
import { production } from './protocol';
import { anyTopology, chainOfFour, diamond, join, together } from './topologies';

describe('the protocol keeps its promises, whatever happens in whatever order', () => {
  test('to any project: syncs, refreshes, kills, lost sessions and Redis, edits, opt-outs, pins, holds, failures', () => {
    expect(searchChaos(production, 3_000).errorInstance).toBeNull();
  });

  test('to one model over two sources, the smallest project in which an update can be lost', () => {
    expect(searchChaos(production, 2_000, { topology: fc.constant(join) }).errorInstance).toBeNull();
  });

  test('to a diamond and a chain that are published together', () => {
    const topology = fc.constantFrom(together(diamond), together(chainOfFour));
    expect(searchChaos(production, 2_000, { topology }).errorInstance).toBeNull();
  });
});

describe('the simulation would notice', () => {
  test('finds the lost update of a counter-based wanted/built protocol', () => {
    const found = searchChaos(counterProtocol, 10_000, { topology: fc.constant(join) });
    expect(String(found.errorInstance)).toContain('no update is lost');
  });

  const inTogether = fc.constantFrom(together(diamond), together(chainOfFour), together(join));
  const alone = fc.constant(join);

  test.each([
    [
      'a fence that does not compare attempts',
      mutants.fenceWithoutAttempts,
      'publishing never goes back in time',
      alone,
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
    [
      'one-off builds that store their vector',
      mutants.asksThatStoreVectors,
      'the stored vector tells the truth',
    ],
    [
      'interrupted attempts that nobody counts',
      mutants.uncountedInterruptions,
      'everything comes to rest',
      alone,
    ],
    ['shadow modes that end without publishing', mutants.shadowsThatStayHidden, 'everything comes to rest'],
    ['sets published without a fence', mutants.setsWithoutFence, 'nothing is published for a', inTogether],
    [
      'members of a set published alone',
      mutants.membersPublishedAlone,
      'the whole of a set or nothing',
      inTogether,
    ],
    ['builds from what is published', mutants.buildsFromPublished, 'everything comes to rest', inTogether],
    ['a blocked set that stays frozen', mutants.frozenWhileBlocked, 'everything comes to rest', inTogether],
    [
      'candidates of models that were stopped',
      mutants.candidatesThatStay,
      'everything comes to rest',
      inTogether,
    ],
  ])('finds %s', (_what, mutant, promise, topology = anyTopology) => {
    const found = searchChaos(mutant, 10_000, { topology, shrinks: false });
    expect(String(found.errorInstance)).toContain(promise);
  });
});
