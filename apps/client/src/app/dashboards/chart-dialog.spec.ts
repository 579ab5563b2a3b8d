import { HttpTestingController } from '@angular/common/http/testing';
import { Component, input, model as twoWay, output, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { NEVER } from 'rxjs';
import type { Chart } from '@freshet/contracts';
import { ChartCanvas } from '../charts/chart-canvas';
import { ChartView } from '../charts/chart-view';
import { SqlEditor } from '../models/sql/sql-editor';
import { ChartDialog, type ChartDialogData, type ChartDialogResult } from './chart-dialog';
import { clientWithoutNetwork } from '../../testing/fake-server';

/** In place of CodeMirror, which needs a layout. */
@Component({
  selector: 'fr-sql-editor',
  template: '<textarea [value]="value()" (input)="value.set($any($event.target).value)"></textarea>',
})
class PlainEditor {
  readonly value = twoWay('');
  readonly label = input('');
  readonly relations = input<unknown>();
  readonly error = input<unknown>();
  readonly run = output();
}

@Component({ selector: 'fr-chart-canvas', template: '' })
class NoCanvas {
  readonly option = input<unknown>();
}

const chart: Chart = {
  id: '7',
  title: 'Sessions',
  type: 'bar',
  sql: 'select 1',
  params: ['x'],
  options: { y: ['n'] },
  layout: { x: 3, y: 2, w: 5, h: 4 },
};

describe('the dialog of a chart', () => {
  let http: HttpTestingController;
  let page: HTMLElement;
  let closed: (ChartDialogResult | undefined)[];

  const open = (before: Chart | null): void => {
    closed = [];
    const data: ChartDialogData = {
      projectId: '1',
      draft: before && { key: before.id, chart: before, result: null, error: null },
      relations: signal([]),
    };
    const ref = { close: (result?: ChartDialogResult) => closed.push(result), keydownEvents: () => NEVER };
    TestBed.configureTestingModule({
      providers: [
        ...clientWithoutNetwork(),
        { provide: MAT_DIALOG_DATA, useValue: data },
        { provide: MatDialogRef, useValue: ref },
      ],
    });
    TestBed.overrideComponent(ChartDialog, {
      remove: { imports: [SqlEditor] },
      add: { imports: [PlainEditor] },
    });
    TestBed.overrideComponent(ChartView, {
      remove: { imports: [ChartCanvas] },
      add: { imports: [NoCanvas] },
    });
    http = TestBed.inject(HttpTestingController);
    page = TestBed.createComponent(ChartDialog).nativeElement as HTMLElement;
    TestBed.tick();
  };
  const until = async (shown: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 100 && !shown(); turn += 1) {
      await new Promise((resume) => setTimeout(resume));
      TestBed.tick();
    }
  };
  const write = (selector: string, value: string): void => {
    const field = page.querySelector<HTMLInputElement>(selector);
    if (field) {
      field.value = value;
      field.dispatchEvent(new Event('input'));
    }
    TestBed.tick();
  };
  const button = (id: string): HTMLButtonElement | null => page.querySelector(`[data-testid="${id}"]`);
  const query = () => http.expectOne('/api/projects/1/query');
  const result = {
    columns: [
      { name: 'day', type: 'date' },
      { name: 'n', type: 'int8' },
    ],
    rows: [['2026-11-16', '7']],
    versions: {},
    asOf: [],
    source: 'live',
    generatedAt: '2026-11-16T14:02:00Z',
    truncated: false,
    warnings: [],
  };
  const refused = {
    type: '',
    title: '',
    status: 422,
    detail: 'No such column.',
    instance: '',
    code: 'sql_failed',
    position: 7,
  };

  it('runs the query before it adds the chart', async () => {
    open(null);
    write('[data-testid="chart-title"]', ' Sessions ');
    write('textarea', 'select 2');
    button('keep-chart')?.click();
    const request = query();
    expect(request.request.body).toEqual({ sql: 'select 2', params: [] });
    request.flush(result);
    await until(() => closed.length > 0);
    expect(closed[0]).toMatchObject({
      chart: { title: 'Sessions', type: 'line', sql: 'select 2', options: {}, layout: { w: 6, h: 4 } },
      error: null,
    });
    expect(closed[0]?.result?.rows).toEqual([['2026-11-16', '7']]);
  });

  it('keeps a chart whose query fails only when asked again', async () => {
    open(null);
    write('[data-testid="chart-title"]', 'Sessions');
    write('textarea', 'select nope');
    button('keep-chart')?.click();
    query().flush(refused, { status: 422, statusText: 'no' });
    await until(() => button('keep-chart')?.textContent?.includes('Keep it anyway') === true);
    expect(closed).toEqual([]);
    button('keep-chart')?.click();
    expect(closed[0]?.error).toMatchObject({ code: 'sql_failed', message: 'No such column.' });
  });

  it('asks for a title and a query', () => {
    open(null);
    button('keep-chart')?.click();
    TestBed.tick();
    expect(page.textContent).toContain('Give the chart a title.');
    expect(page.textContent).toContain('Write a query.');
    http.expectNone('/api/projects/1/query');
  });

  it('leaves what it does not show as it was', async () => {
    open(chart);
    write('[data-testid="chart-title"]', 'Visits');
    page.querySelector<HTMLInputElement>('input[value="hbar"]')?.dispatchEvent(new Event('change'));
    button('keep-chart')?.click();
    const request = query();
    expect(request.request.body).toEqual({ sql: 'select 1', params: ['x'] });
    request.flush(result);
    await until(() => closed.length > 0);
    expect(closed[0]?.chart).toEqual({ ...chart, title: 'Visits', type: 'hbar' });
  });

  it('says that the preview is of an earlier query', async () => {
    open(null);
    write('textarea', 'select 2');
    button('run-chart')?.click();
    query().flush(result);
    await until(() => page.querySelector('fr-chart-view') !== null);
    expect(page.textContent).not.toContain('The query was changed');
    write('textarea', 'select 3');
    expect(page.textContent).toContain('The query was changed; run it to see its result.');
  });
});
