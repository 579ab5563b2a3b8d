import fc from 'fast-check';
import { DayRanges } from './day-ranges';

const day = (number: number): string => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
const daysOf = ({ from, to }: { from: string; to: string }): string[] => {
  const days: string[] = [];
  for (let at = from; at < to; at = new Date(Date.parse(at) + 86_400_000).toISOString().slice(0, 10))
    days.push(at);
  return days;
};

describe('a set of days', () => {
  it('tells what is missing before, between and behind', () => {
    const days = new DayRanges();
    days.add({ from: day(2), to: day(4) });
    days.add({ from: day(6), to: day(8) });
    expect(days.missing({ from: day(0), to: day(10) })).toEqual([
      { from: day(0), to: day(2) },
      { from: day(4), to: day(6) },
      { from: day(8), to: day(10) },
    ]);
  });

  it('covers each day once, in whichever order ranges come', () => {
    const range = fc
      .tuple(fc.nat(30), fc.nat(10))
      .map(([from, days]) => ({ from: day(from), to: day(from + days + 1) }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 10 }), (ranges) => {
        const days = new DayRanges();
        const given: string[] = [];
        for (const each of ranges) {
          given.push(...days.missing(each).flatMap(daysOf));
          days.add(each);
        }
        expect(given.toSorted()).toEqual([...new Set(ranges.flatMap(daysOf))].sort());
      }),
    );
  });
});
