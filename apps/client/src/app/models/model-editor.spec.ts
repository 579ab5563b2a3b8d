import { HttpTestingController } from '@angular/common/http/testing';
import { Component, input, model as twoWay, output } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { ModelEditor } from './model-editor';
import { SqlEditor } from './sql/sql-editor';
import { aModel } from '../../testing/examples';
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

const model = aModel({
  projectId: '1',
  why: '',
  rowCount: 1,
  lastRefreshedAt: null,
  lastDurationMs: null,
  revision: 4,
});
const refusal = (status: number, code: string, more = {}) =>
  [
    { type: '', title: '', status, detail: `${code}.`, instance: '', code, ...more },
    { status, statusText: code },
  ] as const;

describe('the editor of a model', () => {
  let http: HttpTestingController;
  let page: HTMLElement;
  let editor: ModelEditor;

  const text = (selector: string): string =>
    page.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
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
  const click = (label: string): void =>
    [...page.querySelectorAll('button')].find((button) => button.textContent?.includes(label))?.click();
  const open = async (modelId?: string): Promise<void> => {
    const fixture = TestBed.createComponent(ModelEditor);
    fixture.componentRef.setInput('projectId', '1');
    fixture.componentRef.setInput('modelId', modelId);
    page = fixture.nativeElement as HTMLElement;
    editor = fixture.componentInstance;
    TestBed.tick();
    if (modelId) http.expectOne('/api/data-models/20').flush(model);
    await until(() => page.querySelector('textarea') !== null);
  };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    TestBed.overrideComponent(ModelEditor, {
      remove: { imports: [SqlEditor] },
      add: { imports: [PlainEditor] },
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('creates a model and goes to its page', async () => {
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await open();
    write('[data-testid="model-name"]', 'weekly');
    write('textarea', 'select 2');
    click('Create model');
    const request = http.expectOne('/api/projects/1/data-models');
    expect(request.request.body).toMatchObject({ name: 'weekly', sql: 'select 2', autoRefresh: true });
    request.flush({ ...model, id: '21', name: 'weekly' });
    await until(() => navigate.mock.calls.length > 0);
    expect(navigate).toHaveBeenCalledWith(['/p', '1', 'models', '21']);
    expect(editor.dirty()).toBe(false);
  });

  it('asks for a name and a query before it sends anything', async () => {
    await open();
    click('Create model');
    TestBed.tick();
    expect(page.textContent).toContain('Give the model a name.');
    expect(page.textContent).toContain('Write a query.');
    http.expectNone('/api/projects/1/data-models');
  });

  it('says at the name that it is taken, until the name changes', async () => {
    await open();
    write('[data-testid="model-name"]', 'daily');
    write('textarea', 'select 2');
    click('Create model');
    http.expectOne('/api/projects/1/data-models').flush(...refusal(409, 'name_taken'));
    await until(() => text('#name-error') !== '');
    expect(text('#name-error')).toBe('name_taken.');
    write('[data-testid="model-name"]', 'daily_2');
    expect(text('#name-error')).toBe('');
  });

  it('saves on the revision it read, and keeps the text when somebody was faster', async () => {
    await open('20');
    write('textarea', 'select mine');
    click('Save model');
    const save = http.expectOne('/api/data-models/20');
    expect(save.request.headers.get('If-Match')).toBe('4');
    save.flush(...refusal(412, 'changed_meanwhile'));
    await until(
      () => http.match(() => false).length === 0 && page.textContent?.includes('changed_meanwhile') === true,
    );
    http.expectOne('/api/data-models/20').flush({ ...model, autoRefresh: false, revision: 5 });
    await until(() => page.textContent?.includes('Somebody changed auto-refresh') === true);
    click('Reload, keep my query');
    TestBed.tick();
    expect(page.querySelector('textarea')?.value).toBe('select mine');
    click('Save model');
    const again = http.expectOne('/api/data-models/20');
    expect(again.request.headers.get('If-Match')).toBe('5');
    expect(again.request.body).toMatchObject({ sql: 'select mine', autoRefresh: false });
  });

  it('previews, and tells where a query went wrong', async () => {
    await open('20');
    write('textarea', 'select 1,\n nope');
    click('Preview');
    http
      .expectOne('/api/projects/1/data-models/preview')
      .flush(...refusal(422, 'sql_failed', { position: 11 }));
    await until(() => text('[data-testid="query-problem"]') !== '');
    expect(text('[data-testid="query-problem"]')).toContain('Go to line 2, column 2');
    click('Preview');
    http.expectOne('/api/projects/1/data-models/preview').flush({
      columns: [{ name: 'n', type: 'int8' }],
      rows: [['7']],
      truncated: false,
      upstream: { tables: [{ streamId: '1', sourceId: '10', name: 'ga_main.traffic' }], models: [] },
    });
    await until(() => page.querySelector('[data-testid="data-table"]') !== null);
    expect(text('[data-testid="upstream"]')).toBe('ga_main.traffic');
    expect(text('[data-testid="data-table"] tbody')).toBe('7');
  });

  it('knows when leaving would lose something', async () => {
    await open('20');
    expect(editor.dirty()).toBe(false);
    write('textarea', 'select 3');
    expect(editor.dirty()).toBe(true);
    write('textarea', 'select 1');
    expect(editor.dirty()).toBe(false);
  });
});
