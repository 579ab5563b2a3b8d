/** Places charts on a grid of 12 columns: in their order, each at the first free place from the top left. */
import type { Chart } from '@freshet/contracts';

export type Layout = Chart['layout'];
export const gridColumns = 12;

const overlaps = (a: Layout, b: Layout): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const firstFree = (size: Pick<Layout, 'w' | 'h'>, placed: readonly Layout[]): Layout => {
  const w = Math.min(size.w, gridColumns);
  for (let y = 0; ; y += 1) {
    for (let x = 0; x + w <= gridColumns; x += 1) {
      const place = { x, y, w, h: size.h };
      if (!placed.some((other) => overlaps(place, other))) return place;
    }
  }
};

/** One place for each size, none overlapping. */
export const packLayout = (sizes: readonly Pick<Layout, 'w' | 'h'>[]): Layout[] => {
  const placed: Layout[] = [];
  for (const size of sizes) placed.push(firstFree(size, placed));
  return placed;
};

/** Charts as they are read: row by row. On a phone this is also their order on the page. */
export const inReadingOrder = <T extends { layout: Layout }>(charts: readonly T[]): T[] =>
  charts.toSorted((a, b) => a.layout.y - b.layout.y || a.layout.x - b.layout.x);
