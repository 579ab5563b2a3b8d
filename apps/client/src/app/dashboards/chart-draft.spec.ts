import type { ChartDraft } from './chart-draft';
import { moved, resized, widthChoices } from './chart-draft';
import { inReadingOrder, packLayout } from './pack-layout';

const draft = (key: string, w: number, h = 2): ChartDraft => ({
  key,
  chart: { title: key, type: 'bar', sql: 'select 1', params: [], options: {}, layout: { x: 0, y: 0, w, h } },
  result: null,
  error: null,
});
const places = (drafts: ChartDraft[]) =>
  drafts.map(({ key, chart: { layout } }) => `${key}@${String(layout.x)},${String(layout.y)}`);

describe('packing charts', () => {
  it('fills a row before it begins the next', () => {
    expect(
      packLayout([
        { w: 6, h: 4 },
        { w: 6, h: 4 },
        { w: 4, h: 2 },
      ]),
    ).toEqual([
      { x: 0, y: 0, w: 6, h: 4 },
      { x: 6, y: 0, w: 6, h: 4 },
      { x: 0, y: 4, w: 4, h: 2 },
    ]);
  });

  it('puts small ones beside a tall one', () => {
    expect(
      packLayout([
        { w: 3, h: 2 },
        { w: 9, h: 4 },
        { w: 3, h: 2 },
      ]).map(({ x, y }) => [x, y]),
    ).toEqual([
      [0, 0],
      [3, 0],
      [0, 2],
    ]);
  });

  it('reads row by row', () => {
    const at = (x: number, y: number) => ({ layout: { x, y, w: 1, h: 1 } });
    expect(inReadingOrder([at(0, 2), at(6, 0), at(0, 0)])).toEqual([at(0, 0), at(6, 0), at(0, 2)]);
  });
});

describe('editing a dashboard', () => {
  it('moves a chart one place', () => {
    expect(places(moved([draft('a', 6), draft('b', 6), draft('c', 6)], 'c', -1))).toEqual([
      'a@0,0',
      'c@6,0',
      'b@0,2',
    ]);
  });

  it('leaves the first where it is', () => {
    expect(places(moved([draft('a', 6), draft('b', 6)], 'a', -1)).map((place) => place[0])).toEqual([
      'a',
      'b',
    ]);
  });

  it('makes room when a chart grows', () => {
    expect(places(resized([draft('a', 6), draft('b', 6)], 'a', { w: 12 }))).toEqual(['a@0,0', 'b@0,2']);
  });

  it('offers a width that was set elsewhere', () => {
    expect(widthChoices(5).map(({ w }) => w)).toEqual([3, 4, 5, 6, 8, 12]);
    expect(widthChoices(6)).toHaveLength(5);
  });
});
