import { HttpTestingController } from '@angular/common/http/testing';
import { Component, input } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { of } from 'rxjs';
import type { Dashboard } from '@freshet/contracts';
import { ChartCanvas } from '../charts/chart-canvas';
import { ChartView } from '../charts/chart-view';
import type { ChartDialogResult } from './chart-dialog';
import { DashboardEditor } from './dashboard-editor';
import { clientWithoutNetwork } from '../../testing/fake-server';

@Component({ selector: 'fr-chart-canvas', template: '' })
class NoCanvas {
  readonly option = input<unknown>();
}

const chart = (id: string, x: number) => ({
  id,
  title: `Chart ${id}`,
  type: 'kpi' as const,
  sql: 'select 1',
  params: [],
  options: {},
  layout: { x, y: 0, w: 6, h: 2 },
});
const dashboard: Dashboard = {
  id: '30',
  projectId: '1',
  name: 'Growth',
  slug: 'growth',
  description: null,
  chartCount: 2,
  updatedAt: '2026-11-16T14:00:00Z',
  revision: 3,
  charts: [chart('1', 0), chart('2', 6)],
  models: [],
};
const added: ChartDialogResult = {
  chart: {
    title: 'New',
    type: 'bar',
    sql: 'select 2',
    params: [],
    options: {},
    layout: { x: 0, y: 0, w: 12, h: 4 },
  },
  result: null,
  error: null,
};

describe('the editor of a dashboard', () => {
  let http: HttpTestingController;
  let page: HTMLElement;
  let editor: DashboardEditor;
  let navigate: jest.SpyInstance;

  const until = async (shown: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 100 && !shown(); turn += 1) {
      await new Promise((resume) => setTimeout(resume));
      TestBed.tick();
    }
  };
  const click = (label: string): void => {
    page
      .querySelector<HTMLButtonElement>(`button[aria-label="${label}"], button[data-testid="${label}"]`)
      ?.click();
    TestBed.tick();
  };
  const titles = (): string[] =>
    [...page.querySelectorAll('fr-draft-card h2')].map((title) => title.textContent ?? '');
  const name = (value: string): void => {
    const field = page.querySelector<HTMLInputElement>('[data-testid="dashboard-name"]');
    if (field) {
      field.value = value;
      field.dispatchEvent(new Event('input'));
    }
    TestBed.tick();
  };
  const open = async (dashboardId?: string): Promise<void> => {
    const fixture = TestBed.createComponent(DashboardEditor);
    fixture.componentRef.setInput('projectId', '1');
    fixture.componentRef.setInput('dashboardId', dashboardId);
    page = fixture.nativeElement as HTMLElement;
    editor = fixture.componentInstance;
    TestBed.tick();
    if (dashboardId) {
      http.expectOne('/api/dashboards/30').flush(dashboard);
      await until(() => titles().length > 0);
      http.expectOne('/api/dashboards/30/data').flush({ versions: {}, results: {} });
    }
    TestBed.tick();
  };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    TestBed.overrideComponent(ChartView, {
      remove: { imports: [ChartCanvas] },
      add: { imports: [NoCanvas] },
    });
    http = TestBed.inject(HttpTestingController);
    navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    jest.spyOn(TestBed.inject(MatDialog), 'open').mockReturnValue({ afterClosed: () => of(added) } as never);
  });

  it('creates a dashboard from a name and charts', async () => {
    await open();
    name('Board');
    click('add-chart');
    await until(() => titles().length > 0);
    expect(editor.dirty()).toBe(true);
    click('save-dashboard');
    const request = http.expectOne('/api/projects/1/dashboards');
    expect(request.request.body).toEqual({ name: 'Board', charts: [added.chart] });
    request.flush({ ...dashboard, id: '31' });
    await until(() => navigate.mock.calls.length > 0);
    expect(navigate).toHaveBeenCalledWith(['/p', '1', 'dashboards', '31']);
    expect(editor.dirty()).toBe(false);
  });

  it('does not save without a name', async () => {
    await open();
    click('save-dashboard');
    expect(page.textContent).toContain('Give the dashboard a name.');
    http.expectNone('/api/projects/1/dashboards');
  });

  it('moves charts and saves their new places on the revision it read', async () => {
    await open('30');
    expect(titles()).toEqual(['Chart 1', 'Chart 2']);
    click('Move Chart 2 earlier');
    expect(titles()).toEqual(['Chart 2', 'Chart 1']);
    click('save-dashboard');
    const request = http.expectOne('/api/dashboards/30');
    expect(request.request.headers.get('If-Match')).toBe('3');
    expect((request.request.body as Dashboard).charts.map(({ id, layout }) => [id, layout.x])).toEqual([
      ['2', 0],
      ['1', 6],
    ]);
  });

  it('removes a chart', async () => {
    await open('30');
    click('Remove Chart 1');
    expect(titles()).toEqual(['Chart 2']);
    expect(editor.dirty()).toBe(true);
  });

  it('keeps everything on the page when somebody saved first, and offers theirs', async () => {
    await open('30');
    name('Mine');
    click('save-dashboard');
    http.expectOne('/api/dashboards/30').flush(
      {
        type: '',
        title: '',
        status: 412,
        detail: 'It was changed meanwhile.',
        instance: '',
        code: 'changed_meanwhile',
      },
      { status: 412, statusText: 'changed' },
    );
    await until(() => page.textContent?.includes('It was changed meanwhile.') === true);
    expect(page.querySelector<HTMLInputElement>('[data-testid="dashboard-name"]')?.value).toBe('Mine');
    expect(page.textContent).toContain('Discard my changes and reload');
  });
});
