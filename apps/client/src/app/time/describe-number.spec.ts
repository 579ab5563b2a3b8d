import { bytes, count, counted, percent } from './describe-number';

describe('numbers in words', () => {
  it('groups counts and agrees in number', () => {
    expect(count(18_940)).toBe('18,940');
    expect([counted(1, 'row'), counted(0, 'row'), counted(2, 'query', 'queries')]).toEqual([
      '1 row',
      '0 rows',
      '2 queries',
    ]);
  });

  it('says 100 % only when it is done', () => {
    expect([percent(0.999), percent(1), percent(0.61)]).toEqual(['99 %', '100 %', '61 %']);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [4_812_300, '4.8 MB'],
    [123_456_789, '123 MB'],
    [2e15, '2000 TB'],
  ])('tells %d bytes as %s', (n, words) => {
    expect(bytes(n)).toBe(words);
  });
});
