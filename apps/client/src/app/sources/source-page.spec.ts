import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatSnackBar } from '@angular/material/snack-bar';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson, aRun, aSource, noRecords } from '../../testing/examples';
import { FakeSocket, answer, clientWithoutNetwork, problemBody, settle } from '../../testing/fake-server';
import { LiveUpdates } from '../live/live-updates';
import { Session } from '../session/session';
import { sourceRoutes } from './sources.routes';

const at = {
  source: '/api/data-sources/s1',
  runs: '/api/data-sources/s1/runs',
  sync: '/api/data-sources/s1/sync',
  run: '/api/sync-runs/r9',
};
const button = (page: HTMLElement, name: string): HTMLElement => {
  const found = [...page.querySelectorAll('button')].find((element) => element.textContent.trim() === name);
  if (!found) throw new Error(`no button "${name}"`);
  return found;
};

const visit = async (tab = 'runs', me = aPerson()): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
  });
  TestBed.inject(Session).entered(me);
  TestBed.inject(LiveUpdates).follow('p1');
  TestBed.inject(FakeSocket).listener?.connected();
  await settle();
  const harness = await RouterTestingHarness.create(`/p/p1/sources/s1/${tab}`);
  await settle();
  return harness.routeNativeElement as HTMLElement;
};

describe('the page of a source', () => {
  it('tells how fresh it is, and its runs with what each brought', async () => {
    const page = await visit();
    await answer(at.source, aSource());
    await answer(at.runs, {
      items: [
        aRun({ id: 'r3', records: { ...noRecords, updated: 312, unchanged: 18_940 }, cascadeId: 'c1' }),
        aRun({ id: 'r2', records: { ...noRecords, unchanged: 19_252 } }),
        aRun({
          id: 'r1',
          status: 'failed',
          trigger: 'user',
          error: { code: 'source_not_found', message: 'There is no file.', action: 'Put it back.' },
        }),
      ],
      nextCursor: null,
    });
    expect(page.querySelector('h1')?.textContent).toBe('GA main');
    const [changed, same, failed] = page.querySelectorAll('tbody tr');
    expect(changed?.textContent).toContain('312');
    expect(changed?.textContent).toContain('cascade');
    expect(same?.textContent).toContain('nothing changed');
    expect(failed?.textContent).toContain('There is no file.');
    expect(failed?.textContent).toContain('Put it back.');
  });

  it('shows the sync as running at once, then its progress, and the new run when it is over', async () => {
    const page = await visit();
    await answer(at.source, aSource());
    await answer(at.runs, { items: [], nextCursor: null });
    button(page, 'Sync now').click();
    await settle();
    expect(page.querySelector('fr-run-progress')?.textContent).toContain('starting');

    await answer(at.sync, { runId: 'r9', joined: false }, { method: 'POST' });
    await answer(at.source, aSource({ status: 'running', activeRunId: 'r9' }));
    await answer(
      at.run,
      aRun({ id: 'r9', status: 'running', progress: null, rowsRead: 0, completedAt: null }),
    );
    expect(page.querySelector('fr-run-progress')?.textContent).toContain('running');

    const socket = TestBed.inject(FakeSocket);
    socket.send(
      'sync:progress',
      { sourceId: 's1', runId: 'r9', progress: 0.5, rows: 600, stream: 'traffic' },
      null,
    );
    await settle();
    expect(page.querySelector('fr-run-progress')?.textContent).toMatch(/traffic\s*50 %\s*600 rows/);
    expect(page.querySelector('mat-progress-bar')?.getAttribute('aria-valuenow')).toBe('50');

    socket.send('sync:completed', { sourceId: 's1', runId: 'r9', changed: true });
    await settle();
    // Until its end has been read, it stands where it was told to be last.
    expect(page.querySelector('fr-run-progress')?.textContent).toContain('600 rows');
    await answer(at.run, aRun({ id: 'r9' }));
    await answer(at.source, aSource());
    await answer(at.runs, { items: [aRun({ id: 'r9' })], nextCursor: null });
    expect(page.querySelector('fr-run-progress')).toBeNull();
    expect(page.querySelectorAll('tbody tr')).toHaveLength(1);
  });

  it('does not stay "running" when a short run ended before the answer to its start', async () => {
    const page = await visit();
    await answer(at.source, aSource());
    await answer(at.runs, { items: [], nextCursor: null });
    button(page, 'Sync now').click();
    await settle();
    await answer(at.sync, { runId: 'r9', joined: false }, { method: 'POST' });
    await answer(at.source, aSource({ activeRunId: null }));
    expect(page.querySelector('fr-run-progress')).toBeNull();
  });

  it('says so when the sync was under way already, and when it is refused', async () => {
    const page = await visit();
    const toast = jest.spyOn(TestBed.inject(MatSnackBar), 'open');
    await answer(at.source, aSource());
    await answer(at.runs, { items: [], nextCursor: null });
    button(page, 'Sync now').click();
    await settle();
    await answer(at.sync, { runId: 'r9', joined: true }, { method: 'POST' });
    expect(toast.mock.lastCall?.[0]).toContain('syncing already');
    await answer(at.source, aSource());

    button(page, 'Sync now').click();
    await settle();
    await answer(at.sync, problemBody(429, 'too_many_requests', 'Synced 10 times within an hour.'), {
      method: 'POST',
      status: 429,
    });
    expect(toast.mock.lastCall?.[0]).toContain('Synced 10 times within an hour.');
    expect(page.querySelector('fr-run-progress')).toBeNull();
  });

  it('cancels the run under way', async () => {
    const page = await visit();
    await answer(at.source, aSource({ status: 'running', activeRunId: 'r9' }));
    await answer(at.runs, { items: [], nextCursor: null });
    await answer(at.run, aRun({ id: 'r9', status: 'running', completedAt: null }));
    button(page, 'Cancel').click();
    await settle();
    expect(page.textContent).toContain('Stopping …');
    await answer('/api/sync-runs/r9/cancel', aRun({ id: 'r9', status: 'cancelled' }), { method: 'POST' });
  });

  it('loads older runs below the newest twenty', async () => {
    const page = await visit();
    await answer(at.source, aSource());
    await answer(at.runs, { items: [aRun({ id: 'r2' })], nextCursor: 'r2' });
    button(page, 'Load older runs').click();
    await settle();
    const request = TestBed.inject(HttpTestingController).expectOne((r) => r.url === at.runs);
    expect(request.request.params.get('after')).toBe('r2');
    request.flush({ items: [aRun({ id: 'r1' })], nextCursor: null });
    await settle();
    expect(page.querySelectorAll('tbody tr')).toHaveLength(2);
    expect(page.textContent).not.toContain('Load older runs');
  });

  it('offers nothing to change to those who may only look', async () => {
    const page = await visit('runs', aPerson({ organization: { id: 'o1', name: 'Acme', role: 'viewer' } }));
    await answer(at.source, aSource());
    expect([...page.querySelectorAll('button')].map((element) => element.textContent.trim())).not.toContain(
      'Sync now',
    );
  });

  it('says so when there is no such source', async () => {
    const page = await visit();
    await answer(at.source, problemBody(404, 'not_found', 'There is no such source.'), { status: 404 });
    expect(page.querySelector('h1')?.textContent).toBe('There is no such source');
  });

  it('tells when asked where a run led, and which rows it left out', async () => {
    const page = await visit();
    await answer(at.source, aSource());
    await answer(at.runs, {
      items: [aRun({ records: { ...noRecords, inserted: 40, rejected: 2 }, cascadeId: 'c1' })],
      nextCursor: null,
    });
    const cascade = page.querySelector<HTMLElement>('fr-cascade-of button');
    expect(cascade?.getAttribute('aria-expanded')).toBe('false');
    cascade?.click();
    await settle();
    const item = { why: '', queuedAt: null, startedAt: null, publishedAt: null, refreshId: null };
    await answer('/api/cascades/c1', {
      items: [
        { ...item, modelId: 'm1', modelName: 'daily_sessions', state: 'published' },
        { ...item, modelId: 'm2', modelName: 'weekly', state: 'skipped', why: 'auto-refresh is off' },
      ],
    });
    expect(cascade?.textContent).toContain('cascade: 2 models');
    expect(page.querySelector('a[href="/p/p1/models/m1"]')?.textContent).toBe('daily_sessions');
    expect(page.querySelector('fr-cascade-of')?.textContent).toContain('auto-refresh is off');

    page.querySelector<HTMLElement>('button[aria-label="2 rejected rows: see why"]')?.click();
    await settle();
    const reject = { stream: 'traffic', row: 120, reason: 'revenue: "n/a" is not a number', raw: '2026,n/a' };
    await answer('/api/sync-runs/r1/rejects', { items: [reject], nextCursor: null });
    expect(document.querySelector('mat-dialog-container')?.textContent).toContain('is not a number');
  });

  it('shows its tables, with the way to a model on each', async () => {
    const page = await visit('tables');
    await answer(at.source, aSource());
    await answer('/api/data-sources/s1/tables', {
      items: [
        {
          stream: 'traffic',
          table: 'ga_main.traffic',
          revision: 812,
          rowCount: 19_252,
          bytes: 4_812_300,
          columns: [{ name: 'date', type: 'date' }],
        },
      ],
      nextCursor: null,
    });
    expect(page.textContent).toContain('19,252 rows · 1 column · 4.8 MB');
    expect(page.querySelector('a[href="/p/p1/models/new?table=ga_main.traffic"]')).not.toBeNull();
  });
});
