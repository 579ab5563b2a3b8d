import { kpiOf } from './kpi';
import { cellOrder, compareNumbers } from './compare-cells';

const columns = [
  { name: 'sessions', type: 'int8' },
  { name: 'before', type: 'int8' },
];

describe('the figure of a KPI', () => {
  it('is the first row’s first number, as exact as it came', () => {
    expect(
      kpiOf({
        columns: [
          { name: 'label', type: 'text' },
          { name: 'n', type: 'int8' },
        ],
        rows: [['all', '9007199254740993']],
      }),
    ).toMatchObject({
      value: '9,007,199,254,740,993',
      raw: '9007199254740993',
      previous: null,
      change: null,
    });
  });

  it('is compared with a second number in the row', () => {
    expect(kpiOf({ columns, rows: [['104', '100']] })).toMatchObject({
      previous: '100',
      change: 0.04,
      changeText: '▲ 4%',
    });
  });

  it('is compared with the second row when there is one column', () => {
    expect(kpiOf({ columns: columns.slice(0, 1), rows: [['90'], ['100']] })).toMatchObject({
      previous: '100',
      changeText: '▼ 10%',
    });
  });

  it('says that nothing moved, and says nothing against zero', () => {
    expect(kpiOf({ columns, rows: [['5', '5']] })?.changeText).toBe('unchanged');
    expect(kpiOf({ columns, rows: [['5', '0']] })?.changeText).toBeNull();
  });

  it('is absent without rows', () => expect(kpiOf({ columns, rows: [] })).toBeNull());
});

describe('sorting cells', () => {
  it('compares numbers of any size exactly', () => {
    expect(compareNumbers('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
    expect(compareNumbers('-10', '-9')).toBeLessThan(0);
    expect(compareNumbers('1.50', '1.5')).toBe(0);
  });

  it('leaves missing values last in both directions', () => {
    expect(['2', null, '10'].toSorted(cellOrder('integer', 1))).toEqual(['2', '10', null]);
    expect(['2', null, '10'].toSorted(cellOrder('integer', -1))).toEqual(['10', '2', null]);
  });
});
