import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import type { Model, VersionDiff } from '@freshet/contracts';
import { aModel, aPerson, aVersion } from '../../../testing/examples';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../../testing/fake-server';
import { Session } from '../../session/session';
import { Toasts } from '../../toasts/toasts';
import { ModelVersions } from './model-versions';
import { VersionDifference } from './version-difference';

const kept = [
  aVersion({
    version: 19,
    state: 'shadow',
    published: false,
    guards: [{ guard: 'unique(id)', ok: false, message: '', severity: 'warn' }],
  }),
  aVersion({ version: 18, guards: [{ guard: 'not_empty', ok: true, message: '', severity: 'block' }] }),
  aVersion({ version: 17, state: 'retired', published: false, retiredAt: '2026-11-16T14:00:00Z' }),
];

describe('the versions of a model', () => {
  let fixture: ComponentFixture<ModelVersions>;
  let page: HTMLElement;
  let changed: Model[];
  const told: string[] = [];

  const open = async (role: 'owner' | 'viewer', model = aModel()): Promise<void> => {
    TestBed.configureTestingModule({
      providers: [
        ...clientWithoutNetwork(),
        {
          provide: Toasts,
          useValue: {
            show: (words: string) => told.push(words),
            problem: ({ detail }: { detail: string }) => told.push(detail),
          },
        },
      ],
    });
    const session = TestBed.inject(Session);
    const loading = session.load();
    await answer('/api/auth/me', aPerson({ organization: { id: 'o1', name: 'Acme', role } }));
    await loading;
    told.length = 0;
    changed = [];
    fixture = TestBed.createComponent(ModelVersions);
    fixture.componentRef.setInput('model', model);
    fixture.componentRef.setInput('changes', 0);
    fixture.componentInstance.changed.subscribe((next) => changed.push(next));
    page = fixture.nativeElement as HTMLElement;
    await settle();
    await answer('/api/data-models/20/versions', { items: kept, nextCursor: null });
  };
  const lines = (): string[] =>
    [...page.querySelectorAll('tbody tr')].map((line) => line.textContent?.replace(/\s+/g, ' ').trim() ?? '');
  const button = (words: string): HTMLButtonElement | undefined =>
    [...page.querySelectorAll<HTMLButtonElement>('button')].find(
      (each) => each.textContent?.trim() === words,
    );

  it('says of each what it is, and what its guards found', async () => {
    await open('owner');
    expect(lines()).toEqual([
      expect.stringMatching(/^v19kept aside.*1 of 1 warned/),
      expect.stringMatching(/^v18published.*1 passed/),
      expect.stringMatching(/^v17retired.*none/),
    ]);
  });

  it('rolls back in one click, and says until when', async () => {
    await open('owner');
    button('Roll back to v17')?.click();
    await settle();
    const pinned = aModel({ version: 17, pinned: true });
    const request = TestBed.inject(HttpTestingController).expectOne('/api/data-models/20/rollback');
    expect(request.request.body).toEqual({ version: 17 });
    request.flush(pinned);
    await settle();
    expect(changed).toEqual([pinned]);
    expect(told).toEqual(['daily_sessions shows v17 until it is released']);
    await answer('/api/data-models/20/versions', { items: kept, nextCursor: null });
  });

  it('publishes a build that was kept aside', async () => {
    await open('owner');
    button('Publish v19')?.click();
    await settle();
    await answer('/api/data-models/20/promote', aModel({ version: 19 }));
    expect(changed.map(({ version }) => version)).toEqual([19]);
    await answer('/api/data-models/20/versions', { items: kept, nextCursor: null });
  });

  it('tells why it could not, and changes nothing', async () => {
    await open('owner');
    button('Roll back to v17')?.click();
    await settle();
    await answer('/api/data-models/20/rollback', problemBody(409, 'conflict', 'v17 is no longer kept.'), {
      status: 409,
    });
    expect([told, changed]).toEqual([['v17 is no longer kept.'], []]);
  });

  it('lets a viewer compare, and nothing else', async () => {
    await open('viewer');
    const words = [...page.querySelectorAll('button')].map((each) => each.textContent?.trim());
    expect(words).toEqual(['Compare', 'Compare']);
  });

  it('compares a version with the one that is shown, the older one first', async () => {
    await open('owner');
    const dialog = jest.spyOn(TestBed.inject(MatDialog), 'open').mockReturnValue(undefined as never);
    for (const each of page.querySelectorAll<HTMLButtonElement>('button[aria-label^="Compare"]'))
      each.click();
    expect(dialog.mock.calls.map(([, config]) => config?.data)).toEqual([
      { modelId: '20', name: 'daily_sessions', from: 18, to: 19 },
      { modelId: '20', name: 'daily_sessions', from: 17, to: 18 },
    ]);
  });
});

const profile = (min: string, max: string, mean: number | null = null) => ({
  type: 'numeric',
  nulls: 0,
  distinct: 2,
  min,
  max,
  mean,
});

const diff = (change: Partial<VersionDiff> = {}): VersionDiff => ({
  from: 17,
  to: 18,
  rowsBefore: 18_940,
  rowsAfter: 18_952,
  rowsAdded: 12,
  rowsRemoved: 0,
  rowsChanged: 300,
  key: ['day'],
  columns: [
    { name: 'day', change: 'same', from: profile('1', '9'), to: profile('1', '9'), changedRows: 0 },
    {
      name: 'revenue',
      change: 'same',
      from: profile('1', '9', 4),
      to: profile('1', '12', 4.4),
      changedRows: 300,
    },
    { name: 'country', change: 'added', from: null, to: profile('AT', 'PL'), changedRows: null },
  ],
  samples: {
    added: [{ day: '2026-11-16', revenue: '5' }],
    removed: [],
    changed: [{ before: { day: '2026-11-15', revenue: '4' }, after: { day: '2026-11-15', revenue: '5' } }],
  },
  ...change,
});

describe('the difference of two versions', () => {
  const show = (value: VersionDiff): HTMLElement => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    const fixture = TestBed.createComponent(VersionDifference);
    fixture.componentRef.setInput('diff', value);
    TestBed.tick();
    return fixture.nativeElement as HTMLElement;
  };
  const words = (element: Element | null | undefined): string =>
    element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

  it('counts rows, and says by what they were paired', () => {
    expect(words(show(diff()).querySelector('[data-testid="diff-counts"]'))).toBe(
      '18,940 → 18,952 rows: 12 added, 0 removed, 300 changed (rows are paired by day)',
    );
  });

  it('tells of each column what has moved', () => {
    const rows = [...show(diff()).querySelectorAll('table')[0]!.querySelectorAll('tbody tr')];
    expect(rows.map((row) => row.classList.contains('moved'))).toEqual([false, true, true]);
    expect([...(rows[1]?.children ?? [])].map(words)).toEqual([
      'revenue',
      'numeric',
      '300',
      '0',
      '2',
      '1 … 9 → 1 … 12',
      '4 → 4.4',
    ]);
    expect(words(rows[2])).toMatch(/^countrynumeric, new/);
  });

  it('shows changed values beside what they were', () => {
    const element = show(diff());
    expect([words(element.querySelector('del')), words(element.querySelector('ins'))]).toEqual(['4', '5']);
    expect([...element.querySelectorAll('h3')].map(words)).toEqual([
      'Columns',
      'Changed rows some of them',
      'Added rows some of them',
    ]);
  });

  it('says plainly that nothing differs', () => {
    const same = diff({
      rowsAdded: 0,
      rowsChanged: 0,
      columns: [],
      samples: { added: [], removed: [], changed: [] },
    });
    expect(words(show(same).querySelector('[data-testid="diff-counts"]'))).toBe(
      'The same rows, to the last value.',
    );
  });
});
