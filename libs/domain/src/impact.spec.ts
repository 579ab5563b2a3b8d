import type { ModelInput } from './graph';
import { planImpact } from './impact';

const table = (id: string): ModelInput => ({ kind: 't', id });
const model = (id: string): ModelInput => ({ kind: 'm', id });
const diamond = [
  { id: 'top', inputs: [table('orders')] },
  { id: 'left', inputs: [model('top')] },
  { id: 'right', inputs: [model('top'), table('traffic')] },
  { id: 'bottom', inputs: [model('left'), model('right')] },
];
const durations = new Map([
  ['top', 100],
  ['left', 20],
  ['right', 50],
  ['bottom', 10],
]);
const timesOf = ({ models }: ReturnType<typeof planImpact>) =>
  models.map(({ modelId, startMs, endMs }) => [modelId, startMs, endMs]);

describe('what a change brings about', () => {
  test('every affected model once, after what it reads, side by side where there are slots', () => {
    const impact = planImpact(diamond, { streamIds: ['orders'] }, durations, 3);
    expect(timesOf(impact)).toEqual([
      ['top', 0, 100],
      ['left', 100, 120],
      ['right', 100, 150],
      ['bottom', 150, 160],
    ]);
    expect(impact.totalMs).toBe(160);
  });

  test('one after the other on a single slot', () => {
    expect(planImpact(diamond, { streamIds: ['orders'] }, durations, 1).totalMs).toBe(180);
  });

  test('more than there are slots wait for the first to come free', () => {
    const wide = ['a', 'b', 'c', 'd'].map((id) => ({ id, inputs: [table('orders')] }));
    const impact = planImpact(wide, { streamIds: ['orders'] }, new Map(wide.map(({ id }) => [id, 10])), 3);
    expect(timesOf(impact).at(-1)).toEqual(['d', 10, 20]);
  });

  test('a change of a model begins with itself', () => {
    expect(timesOf(planImpact(diamond, { modelId: 'right' }, durations, 3))).toEqual([
      ['right', 0, 50],
      ['bottom', 50, 60],
    ]);
  });

  test('what comes after a model without a history has no time, what comes beside it has', () => {
    const known = new Map([...durations].filter(([id]) => id !== 'left'));
    const impact = planImpact(diamond, { streamIds: ['orders'] }, known, 3);
    expect(timesOf(impact)).toEqual([
      ['top', 0, 100],
      ['left', 100, null],
      ['right', 100, 150],
      ['bottom', null, null],
    ]);
    expect(impact.totalMs).toBeNull();
  });

  test('nobody reads it: nothing, in no time', () => {
    expect(planImpact(diamond, { streamIds: ['refunds'] }, durations, 3)).toEqual({ models: [], totalMs: 0 });
  });

  test('deleted models take no part', () => {
    const gone = diamond.map((each) => ({ ...each, deleted: each.id === 'bottom' }));
    expect(
      planImpact(gone, { streamIds: ['traffic'] }, durations, 3).models.map(({ modelId }) => modelId),
    ).toEqual(['right']);
  });
});
