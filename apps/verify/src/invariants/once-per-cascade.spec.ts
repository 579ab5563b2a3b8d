import { findRepeats, type Attempt } from './once-per-cascade';

const first: Attempt = {
  id: '1', modelId: '15', model: 'm5', status: 'COMPLETED', kind: 'live', version: 1, published: true, cascadeId: null,
  vector: { d: 1, f: 0, 'm:1': 1 }, startedAt: 1_000, completedAt: 1_200, lastStartedAttempt: 2, movedByHandAt: null, inputMovedByHandAt: null,
}; // prettier-ignore
const second: Attempt = {
  ...first,
  id: '2',
  version: null,
  published: false,
  startedAt: 60_000,
  completedAt: 60_200,
};
const foundWith = (change: Partial<Attempt>): number =>
  findRepeats([first, { ...second, ...change }]).findings.length;

describe('a second build from the very same inputs', () => {
  it('is needless', () => {
    expect(foundWith({})).toBe(1);
  });

  it('is nobody’s fault when an input was rolled back after the decision to build', () => {
    expect(foundWith({ inputMovedByHandAt: 59_900 })).toBe(0);
    expect(foundWith({ inputMovedByHandAt: 60_100 })).toBe(0);
  });

  it('is needless when the input was moved long before', () => {
    expect(foundWith({ inputMovedByHandAt: 30_000 })).toBe(1);
  });
});
