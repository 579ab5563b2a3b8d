import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson, aRun, aSource } from '../../testing/examples';
import { FakeSocket, answer, clientWithoutNetwork, problemBody, settle } from '../../testing/fake-server';
import { LiveUpdates } from '../live/live-updates';
import { Session } from '../session/session';
import { SourcesPage } from './sources-page';

const list = '/api/projects/p1/data-sources';

const visit = async (): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([{ path: 'p/:projectId/sources', component: SourcesPage }]),
  });
  TestBed.inject(Session).entered(aPerson());
  const live = TestBed.inject(LiveUpdates);
  live.follow('p1');
  TestBed.inject(FakeSocket).listener?.connected();
  await settle();
  const harness = await RouterTestingHarness.create('/p/p1/sources');
  await settle();
  return harness.routeNativeElement as HTMLElement;
};

describe('the sources page', () => {
  it('shows skeletons until the sources are there', async () => {
    const page = await visit();
    expect(page.querySelectorAll('fr-skeleton').length).toBeGreaterThan(0);
    await answer(list, { items: [aSource()], nextCursor: null });
    expect(page.querySelectorAll('fr-skeleton')).toHaveLength(0);
  });

  it('shows each source with its state, the time of its last sync and the way to manage it', async () => {
    const page = await visit();
    await answer(list, {
      items: [
        aSource(),
        aSource({ id: 's2', name: 'Orders', status: 'failed', statusReason: 'The file is gone.' }),
      ],
      nextCursor: null,
    });
    const [first, second] = page.querySelectorAll('fr-source-card');
    expect(first?.textContent).toContain('fresh');
    expect(first?.textContent).toContain('synced 2 h ago');
    expect(first?.querySelector('a[aria-label="Manage GA main"]')?.getAttribute('href')).toBe(
      '/p/p1/sources/s1',
    );
    expect(second?.textContent).toContain('failed, needs you');
    expect(second?.textContent).toContain('The file is gone.');
    expect(page.textContent).toContain('2 of 2 fresh · 1 needs you');
  });

  it('helps when there is no source yet', async () => {
    const page = await visit();
    await answer(list, { items: [], nextCursor: null });
    expect(page.textContent).toContain('Connect your first source');
    expect(page.querySelector('a[href="/p/p1/sources/new"]')).not.toBeNull();
  });

  it('says why it could not load, and tries again when asked', async () => {
    const page = await visit();
    await answer(list, problemBody(503, 'unavailable', 'The database is not available.'), { status: 503 });
    expect(page.querySelector('[role=alert]')?.textContent).toContain('The database is not available.');
    page.querySelector<HTMLElement>('[role=alert] button')?.click();
    await settle();
    await answer(list, { items: [aSource()], nextCursor: null });
    expect(page.querySelector('[role=alert]')).toBeNull();
    expect(page.textContent).toContain('GA main');
  });

  it('changes by itself when a sync starts, advances and ends, without being asked', async () => {
    const page = await visit();
    await answer(list, { items: [aSource()], nextCursor: null });
    const socket = TestBed.inject(FakeSocket);

    socket.send('sync:started', { sourceId: 's1', runId: 'r1' });
    await settle();
    await answer(list, { items: [aSource({ status: 'running', activeRunId: 'r1' })], nextCursor: null });
    await answer('/api/sync-runs/r1', aRun({ status: 'running', progress: 0.25, rowsRead: 1_000 }));
    expect(page.textContent).toMatch(/25 % ·\s+1,000 rows/);

    socket.send(
      'sync:progress',
      { sourceId: 's1', runId: 'r1', progress: 0.61, rows: 18_204, stream: 'traffic' },
      null,
    );
    await settle();
    expect(page.textContent).toMatch(/61 % ·\s+18,204 rows/);

    socket.send('sync:completed', { sourceId: 's1', runId: 'r1', changed: true });
    await settle();
    await answer(list, { items: [aSource()], nextCursor: null });
    expect(page.querySelector('mat-progress-bar')).toBeNull();
    TestBed.inject(HttpTestingController).verify();
  });
});
