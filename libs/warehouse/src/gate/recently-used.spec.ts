import { RecentlyUsed } from './recently-used';

describe('what was recently used', () => {
  it('stays, and the least recently used gives way', () => {
    const recent = new RecentlyUsed<number>({ max: 2 });
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([1, undefined, 3]);
  });

  it('is forgotten after its time, however often it was used', () => {
    let now = 0;
    const recent = new RecentlyUsed<number>({ max: 2, forMs: 10, now: () => now });
    recent.set('a', 1);
    now = 9;
    expect(recent.get('a')).toBe(1);
    now = 10;
    expect(recent.get('a')).toBeUndefined();
  });
});
