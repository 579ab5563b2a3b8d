import type { ReportResponse } from './analytics-client';
import { ReportPages } from './verify-report';

const asked = {
  dimensions: ['date', 'pagePath'],
  metrics: ['sessions'],
  first: '20260301',
  last: '20260301',
};

const page = (rowCount: number, paths: string[], changes: Partial<ReportResponse> = {}): ReportResponse => ({
  dimensionHeaders: [{ name: 'date' }, { name: 'pagePath' }],
  metricHeaders: [{ name: 'sessions' }],
  rows: paths.map((path) => ({
    dimensionValues: [{ value: '20260301' }, { value: path }],
    metricValues: [{ value: '1' }],
  })),
  rowCount,
  ...changes,
});

const after = (...pages: ReportResponse[]): ReportPages => {
  const report = new ReportPages(asked);
  for (const each of pages) {
    report.verify(each);
    report.accept(each);
  }
  return report;
};

describe('the pages of a report', () => {
  it('are whole when as many rows came as the report says', () => {
    expect(after(page(5, ['/a', '/b']))).toMatchObject({ isWhole: false, offset: 2, progress: 0.4 });
    expect(after(page(5, ['/a', '/b']), page(5, ['/c', '/d', '/e']))).toMatchObject({
      isWhole: true,
      offset: 5,
    });
  });

  it('may be one without rows and without a count', () => {
    const { rows: _rows, rowCount: _count, ...empty } = page(0, []);
    expect(after(empty)).toMatchObject({ isWhole: true, offset: 0, progress: 1 });
  });

  it.each<[string, ReportResponse[], ReportResponse]>([
    ['a page that comes again', [page(4, ['/a', '/b'])], page(4, ['/a', '/b'])],
    ['a page that begins with a row there was', [page(4, ['/a', '/b'])], page(4, ['/b', '/c'])],
    ['a count that changed', [page(4, ['/a', '/b'])], page(5, ['/c', '/d'])],
    ['a count that vanished', [page(4, ['/a', '/b'])], page(0, [])],
    ['more rows than the count', [], page(1, ['/a', '/b'])],
    ['a page without rows before the end', [page(4, ['/a', '/b'])], page(4, [])],
    ['other dimensions', [], page(1, ['/a'], { dimensionHeaders: [{ name: 'date' }] })],
    ['other metrics', [], page(1, ['/a'], { metricHeaders: [{ name: 'totalUsers' }] })],
    ['no fields at all, as in an answer to something else', [], { rowCount: 0 }],
    [
      'a row that lacks a value',
      [],
      page(1, [], { rows: [{ dimensionValues: [{ value: '20260301' }], metricValues: [{ value: '1' }] }] }),
    ],
    [
      'another day',
      [],
      page(1, [], {
        rows: [{ dimensionValues: [{ value: '20260302' }, { value: '/' }], metricValues: [{ value: '1' }] }],
      }),
    ],
  ])('are read again for %s', (_what, before, next) => {
    const report = after(...before);
    expect(() => report.verify(next)).toThrow(
      expect.objectContaining({ code: 'source_changed', verdict: 'retry' }),
    );
  });
});
