import { expectedTimes, type PlannedModel } from './expected-times';

const model = (id: string, durationMs: number | null, ...reads: string[]): PlannedModel => ({
  id,
  reads,
  durationMs,
});
const times = (slots: number, ...models: PlannedModel[]) =>
  Object.fromEntries(
    [...expectedTimes(models, slots)].map(([id, { startMs, endMs }]) => [id, [startMs, endMs]]),
  );

describe('the times of a cascade', () => {
  it('add up along a chain', () => {
    expect(times(3, model('a', 100), model('b', 50, 'a'), model('c', 10, 'b'))).toEqual({
      a: [0, 100],
      b: [100, 150],
      c: [150, 160],
    });
  });

  it('overlap as far as there are slots', () => {
    expect(times(2, model('a', 100), model('b', 40), model('c', 10))).toEqual({
      a: [0, 100],
      b: [0, 40],
      c: [40, 50],
    });
  });

  it('wait for the last of several inputs, and not for what is no part of the plan', () => {
    expect(times(3, model('a', 100), model('b', 40, 'elsewhere'), model('c', 10, 'a', 'b'))).toMatchObject({
      b: [0, 40],
      c: [100, 110],
    });
  });

  it('are unknown behind a model without history, and known beside it', () => {
    expect(times(2, model('new', null), model('a', 10), model('b', 10, 'new'), model('c', 10, 'a'))).toEqual({
      new: [0, null],
      a: [0, 10],
      b: [null, null],
      c: [10, 20],
    });
  });

  it('are unknown when models without history hold every slot', () => {
    expect(times(1, model('new', null), model('a', 10))).toEqual({ new: [0, null], a: [null, null] });
  });

  it('of a thousand models are found in a moment', () => {
    const models = Array.from({ length: 1_000 }, (_, n) => model(`${n}`, 10, `${n - 3}`));
    const began = performance.now();
    expect(expectedTimes(models, 3).get('999')).toEqual({ startMs: 3_330, endMs: 3_340 });
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
