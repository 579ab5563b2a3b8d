import { TestBed } from '@angular/core/testing';
import { Confirm } from '../confirm/confirm';
import { aSource } from '../../testing/examples';
import { answer, clientWithoutNetwork, settle } from '../../testing/fake-server';
import { AsOfDetails } from './as-of-details';
import { DashboardList } from './dashboard-list';
import { keepUnsavedChanges } from './keep-unsaved-changes';

beforeEach(() => TestBed.configureTestingModule({ providers: clientWithoutNetwork() }));

it('tells which syncs and versions a chart contains, and names sources that are gone as such', async () => {
  const fixture = TestBed.createComponent(AsOfDetails);
  fixture.componentRef.setInput('projectId', 'p1');
  fixture.componentRef.setInput('modelNames', { 20: 'daily' });
  fixture.componentRef.setInput('result', {
    columns: [],
    rows: [],
    versions: { 20: 18 },
    source: 'fallback',
    generatedAt: '2026-11-16T14:02:00Z',
    truncated: true,
    warnings: ['It is the tail of a week.'],
    asOf: [
      { sourceId: 's1', fromRunId: '4', toRunId: '7', completedAt: '2026-11-16T14:00:00Z', openRunId: '8' },
      { sourceId: 'gone', fromRunId: '1', toRunId: '1', completedAt: '2026-11-16T14:00:00Z' },
    ],
  });
  await settle();
  await answer('/api/projects/p1/data-sources', { items: [aSource()], nextCursor: null });
  const text = (fixture.nativeElement as HTMLElement).textContent?.replace(/\s+/g, ' ') ?? '';
  expect(text).toMatch(
    /GA main.*sync runs 4 to 7.*A sync is running now.*a deleted source.*sync run 1,.*daily.*version 18/,
  );
  expect(text).toContain('may be out of date');
  expect(text).toContain('There are more rows than a chart takes');
  expect(text).toContain('It is the tail of a week.');
});

it('lists dashboards as cards', async () => {
  const fixture = TestBed.createComponent(DashboardList);
  fixture.componentRef.setInput('projectId', 'p1');
  await settle();
  await answer('/api/projects/p1/dashboards', {
    items: [
      {
        id: '30',
        projectId: 'p1',
        name: 'Growth',
        slug: 'growth',
        description: 'Each morning',
        chartCount: 1,
        updatedAt: '2026-11-16T14:02:00Z',
      },
    ],
    nextCursor: null,
  });
  expect(
    (fixture.nativeElement as HTMLElement)
      .querySelector('[data-testid="dashboard-card"]')
      ?.textContent?.replace(/\s+/g, ' '),
  ).toMatch(/Growth.*Each morning.*1 chart · edited/);
});

describe('leaving an editor', () => {
  const leave = (dirty: boolean) =>
    TestBed.runInInjectionContext(() =>
      keepUnsavedChanges({ dirty: () => dirty }, {} as never, {} as never, {} as never),
    );

  it('is free when nothing was changed', () => expect(leave(false)).toBe(true));
  it('is asked about otherwise', async () => {
    const ask = jest.spyOn(TestBed.inject(Confirm), 'ask').mockResolvedValue(false);
    expect(await leave(true)).toBe(false);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
