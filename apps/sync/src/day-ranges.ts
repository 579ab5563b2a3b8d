/** A set of days, kept as half-open ranges, that tells which days of another range are not in it. */
import type { Days } from './slice-window';

export class DayRanges {
  private ranges: Days[] = [];

  add(range: Days): void {
    const apart = this.ranges.filter(({ from, to }) => to < range.from || from > range.to);
    const touching = this.ranges.filter((each) => !apart.includes(each));
    const from = [range.from, ...touching.map((each) => each.from)].sort()[0] ?? range.from;
    const to = [range.to, ...touching.map((each) => each.to)].sort().at(-1) ?? range.to;
    this.ranges = [...apart, { from, to }].sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  /** In the order of time. */
  missing({ from, to }: Days): Days[] {
    const gaps: Days[] = [];
    let at = from;
    for (const range of this.ranges) {
      if (range.to <= at) continue;
      if (range.from >= to) break;
      if (range.from > at) gaps.push({ from: at, to: range.from });
      at = range.to;
    }
    if (at < to) gaps.push({ from: at, to });
    return gaps;
  }
}
