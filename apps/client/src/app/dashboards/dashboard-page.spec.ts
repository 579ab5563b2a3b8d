import { HttpTestingController, type TestRequest } from '@angular/common/http/testing';
import { Component, input } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { Dashboard, QueryResult } from '@freshet/contracts';
import { ChartCanvas } from '../charts/chart-canvas';
import { ChartView } from '../charts/chart-view';
import { LiveUpdates } from '../live/live-updates';
import { DashboardPage, updatedSentence } from './dashboard-page';
import { FakeSocket, clientWithoutNetwork } from '../../testing/fake-server';

@Component({ selector: 'fr-chart-canvas', template: '' })
class NoCanvas {
  readonly option = input<unknown>();
}

const chart = (id: string, type: 'kpi' | 'bar' | 'table') => ({
  id,
  title: `Chart ${id}`,
  type,
  sql: 'select 1',
  params: [],
  options: {},
  layout: { x: 0, y: Number(id), w: 6, h: 2 },
});
const dashboard: Dashboard = {
  id: '30',
  projectId: 'p1',
  name: 'Growth',
  slug: 'growth',
  description: null,
  chartCount: 3,
  updatedAt: '2026-11-16T14:00:00Z',
  revision: 1,
  charts: [chart('1', 'kpi'), chart('2', 'bar'), chart('3', 'table')],
  models: [
    { id: '20', name: 'daily_sessions' },
    { id: '21', name: 'weekly' },
  ],
};
const result = (value: string, versions: Record<string, number>): QueryResult => ({
  columns: [
    { name: 'day', type: 'date' },
    { name: 'sessions', type: 'int8' },
  ],
  rows: [['2026-11-16', value]],
  versions,
  asOf: [],
  source: 'live',
  generatedAt: '2026-11-16T14:02:00Z',
  mixed: null,
  provisionalFrom: null,
  truncated: false,
  warnings: [],
});

describe('a dashboard', () => {
  let http: HttpTestingController;
  let socket: FakeSocket;
  let fixture: ComponentFixture<DashboardPage>;
  let page: HTMLElement;

  const charts = (id: string): HTMLElement | null => page.querySelector(`[data-chart-id="${id}"]`);
  /** The one request for data under way; the page shows by now that it waits. */
  const dataRequest = (): TestRequest => {
    TestBed.tick();
    return http.expectOne('/api/dashboards/30/data');
  };
  /** Turns of the event loop until the page shows what was answered. */
  const until = async (shown: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 100 && !shown(); turn += 1) {
      await new Promise((resume) => setTimeout(resume));
      TestBed.tick();
    }
  };
  const settle = (): Promise<void> => until(() => page.querySelector('[aria-busy="true"]') === null);
  const answer = async (
    results: Record<string, unknown>,
    mixed: object | null = null,
  ): Promise<TestRequest> => {
    const request = dataRequest();
    request.flush({ versions: {}, results, mixed });
    await settle();
    return request;
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    TestBed.overrideComponent(ChartView, {
      remove: { imports: [ChartCanvas] },
      add: { imports: [NoCanvas] },
    });
    socket = TestBed.inject(FakeSocket);
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(LiveUpdates).follow('p1');
    socket.listener?.connected();
    await Promise.resolve();
    await Promise.resolve();
    fixture = TestBed.createComponent(DashboardPage);
    fixture.componentRef.setInput('projectId', 'p1');
    fixture.componentRef.setInput('dashboardId', '30');
    page = fixture.nativeElement as HTMLElement;
    TestBed.tick();
    http.expectOne('/api/dashboards/30').flush(dashboard);
    await Promise.resolve();
    TestBed.tick();
  });

  const firstLoad = (): Promise<TestRequest> =>
    answer({
      1: result('18940', { 20: 18 }),
      2: { error: { code: 'sql_failed', message: 'No such column.', action: null } },
      3: result('7', { 21: 3 }),
    });

  it('loads all its charts by one request', async () => {
    const request = await firstLoad();
    expect(request.request.body).toEqual({ charts: ['1', '2', '3'], fresh: false });
    http.verify();
  });

  it('shows the past when asked, stays there while models are published, and comes back to now', async () => {
    await firstLoad();
    const instance = fixture.componentInstance as unknown as {
      showAsOf(moment: string | null): Promise<void>;
    };
    void instance.showAsOf('2026-11-15T08:00:00.000Z');
    const request = await answer({ 1: result('17000', { 20: 17 }) });
    expect(request.request.body).toMatchObject({ asOf: '2026-11-15T08:00:00.000Z' });
    expect(page.querySelector('[data-testid="as-of"]')?.textContent).toContain('As it was on 15 Nov 2026');
    socket.send('sync:completed', { sourceId: 's1', runId: 'r1', changed: true });
    TestBed.tick();
    http.expectNone('/api/dashboards/30/data');
    [...page.querySelectorAll<HTMLButtonElement>('button')]
      .find((button) => button.textContent?.trim() === 'Back to now')
      ?.click();
    const back = await firstLoad();
    expect(back.request.body).not.toHaveProperty('asOf');
    expect(page.querySelector('[data-testid="as-of"]')).toBeNull();
  });

  it('says when its charts contain different runs of one source', async () => {
    await answer(
      { 1: result('1', { 20: 18 }) },
      { sentence: 'daily contains run 6, weekly still run 5.', sources: [] },
    );
    expect(page.querySelector('[data-testid="mixed"]')?.textContent).toContain('weekly still run 5');
  });

  it('tells the server that it is on the screen', async () => {
    await firstLoad();
    expect(socket.watched).toContain('+30');
  });

  it('reads once when the live connection comes up just after the page', async () => {
    await firstLoad();
    fixture.destroy();
    TestBed.inject(LiveUpdates).follow(null);
    TestBed.inject(LiveUpdates).follow('p1');
    fixture = TestBed.createComponent(DashboardPage);
    fixture.componentRef.setInput('projectId', 'p1');
    fixture.componentRef.setInput('dashboardId', '30');
    page = fixture.nativeElement as HTMLElement;
    TestBed.tick();
    http.expectOne('/api/dashboards/30').flush(dashboard);
    await until(() => charts('1') !== null);
    http.expectNone('/api/dashboards/30/data');
    socket.listener?.connected();
    await until(() => TestBed.inject(LiveUpdates).live());
    await firstLoad();
    expect(charts('1')?.textContent).toContain('18,940');
  });

  it('reloads a chart over a table when a sync has changed its source', async () => {
    const overTable = {
      ...result('440', {}),
      asOf: [{ sourceId: 's1', fromRunId: '1', toRunId: '1', completedAt: null }],
    };
    await answer({ 1: result('18940', { 20: 18 }), 2: result('1', { 20: 18 }), 3: overTable });
    socket.send('sync:completed', { sourceId: 's1', runId: '2', changed: false });
    TestBed.tick();
    http.expectNone('/api/dashboards/30/data');
    socket.send('sync:completed', { sourceId: 's1', runId: '3', changed: true });
    const request = await answer({ 3: { ...overTable, rows: [['2026-11-16', '445']] } });
    expect((request.request.body as { charts: string[] }).charts).toEqual(['3']);
    expect(charts('3')?.textContent).toContain('445');
  });

  it('shows numbers as text, with their versions for whoever looks', async () => {
    await firstLoad();
    expect(charts('1')?.querySelector('[data-testid="kpi-value"]')?.textContent).toBe('18,940');
    expect(charts('1')?.dataset['versions']).toBe('{"20":18}');
    expect(charts('1')?.dataset['generatedAt']).toBe('2026-11-16T14:02:00Z');
  });

  it('shows the error of one chart beside the numbers of the others', async () => {
    await firstLoad();
    expect(charts('2')?.querySelector('[data-testid="chart-error"]')?.textContent).toContain(
      'No such column.',
    );
    expect(charts('3')?.textContent).toContain('7');
  });

  it('reloads only the charts that read a published model, without being asked', async () => {
    await firstLoad();
    socket.send('model:published', {
      modelId: '21',
      version: 4,
      cause: { refreshId: '1', sourceId: null, cascadeId: null },
    });
    const request = await answer({ 2: result('1', { 21: 4 }), 3: result('8', { 21: 4 }) });
    // Chart 2 has no result: it may read the model as well.
    expect((request.request.body as { charts: string[] }).charts).toEqual(['2', '3']);
    expect(charts('3')?.textContent).toContain('8');
    expect(charts('1')?.dataset['versions']).toBe('{"20":18}');
  });

  it('does not stir when a model it does not use is published', async () => {
    await firstLoad();
    socket.send('model:published', {
      modelId: '99',
      version: 1,
      cause: { refreshId: '1', sourceId: null, cascadeId: null },
    });
    http.verify();
  });

  it('keeps the last numbers and says why when a reload fails', async () => {
    await firstLoad();
    socket.send('model:published', {
      modelId: '20',
      version: 19,
      cause: { refreshId: '1', sourceId: null, cascadeId: null },
    });
    dataRequest().error(new ProgressEvent('error'));
    await settle();
    expect(charts('1')?.textContent).toContain('18,940');
    expect(charts('1')?.querySelector('[data-testid="chart-error"]')?.textContent).toContain(
      'could not be reached',
    );
  });

  it('drops an answer that a newer one has overtaken', async () => {
    await firstLoad();
    const refresh = charts('1')?.querySelector<HTMLButtonElement>('button.refresh');
    refresh?.click();
    const slow = dataRequest();
    socket.send('model:published', {
      modelId: '20',
      version: 19,
      cause: { refreshId: '1', sourceId: null, cascadeId: null },
    });
    await answer({ 1: result('18950', { 20: 19 }), 2: result('1', { 20: 19 }) });
    slow.flush({ versions: {}, results: { 1: result('18940', { 20: 18 }) } });
    await settle();
    expect(charts('1')?.textContent).toContain('18,950');
  });

  it('passes by the caches when asked to refresh everything', async () => {
    await firstLoad();
    page.querySelector<HTMLButtonElement>('[data-testid="refresh-all"]')?.click();
    expect((dataRequest().request.body as { fresh: boolean }).fresh).toBe(true);
  });
});

it('tells quietly which charts moved', () => {
  expect(updatedSentence(['Sessions'])).toBe('Sessions updated');
  expect(updatedSentence(['Sessions', 'Revenue'])).toBe('Sessions and Revenue updated');
  expect(updatedSentence(['a', 'b', 'c'])).toBe('3 charts updated');
});
