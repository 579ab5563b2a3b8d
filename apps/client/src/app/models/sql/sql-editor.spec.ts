import { TestBed } from '@angular/core/testing';
import { EditorView } from '@codemirror/view';
import { SqlEditor } from './sql-editor';

describe('the SQL editor', () => {
  let host: HTMLElement;
  let ran: number;
  const render = (inputs: Record<string, unknown>) => {
    const fixture = TestBed.createComponent(SqlEditor);
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    host = fixture.nativeElement as HTMLElement;
    document.body.append(host);
    ran = 0;
    fixture.componentInstance.run.subscribe(() => (ran += 1));
    TestBed.tick();
    return fixture;
  };
  const view = (): EditorView => {
    const found = EditorView.findFromDOM(host);
    if (!found) throw new Error('There is no editor.');
    return found;
  };
  afterEach(() => host.remove());

  it('carries the text both ways', () => {
    const fixture = render({ value: 'select 1' });
    expect(view().state.doc.toString()).toBe('select 1');
    view().dispatch({ changes: { from: 7, to: 8, insert: '2' } });
    expect(fixture.componentInstance.value()).toBe('select 2');
    fixture.componentRef.setInput('value', 'select 3');
    TestBed.tick();
    expect(view().state.doc.toString()).toBe('select 3');
  });

  it('runs on Ctrl+Enter', () => {
    render({ value: 'select 1' });
    view().contentDOM.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, ctrlKey: true, bubbles: true }),
    );
    expect(ran).toBe(1);
    expect(view().state.doc.toString()).toBe('select 1');
  });

  it('marks the place of an error, and clears it', () => {
    const fixture = render({
      value: 'select sesions from t',
      error: { message: 'There is no column “sesions”.', position: 7 },
    });
    expect(host.querySelector('.cm-lintRange-error')?.textContent).toBe('sesions');
    fixture.componentRef.setInput('error', null);
    TestBed.tick();
    expect(host.querySelector('.cm-lintRange-error')).toBeNull();
  });

  it('writes a name where the cursor stands, set off from the word before', () => {
    const fixture = render({ value: 'select * from' });
    view().dispatch({ selection: { anchor: 13 } });
    fixture.componentInstance.insert('ga_main.traffic');
    expect(view().state.doc.toString()).toBe('select * from ga_main.traffic');
  });

  it('says what it is for', () => {
    render({ label: 'Query of the model' });
    expect(view().contentDOM.getAttribute('aria-label')).toBe('Query of the model');
  });
});
