import { ComponentRef } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { clientWithoutNetwork } from '../../testing/fake-server';
import { newGuard } from './guard-row';
import { emptyForm, type ModelForm } from './model-form';
import { ModelOptions } from './model-options';
import { SchemaBrowser } from './schema-browser';

describe('the options of a model', () => {
  let page: HTMLElement;
  let ref: ComponentRef<ModelOptions>;
  const form = (): ModelForm => ref.instance.form();
  const click = (label: string): void => {
    [...page.querySelectorAll('button')]
      .find((button) => (button.getAttribute('aria-label') ?? button.textContent ?? '').includes(label))
      ?.click();
    TestBed.tick();
  };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    const fixture = TestBed.createComponent(ModelOptions);
    ref = fixture.componentRef;
    ref.setInput('form', {
      ...emptyForm,
      guards: [{ kind: 'range', columns: ['roas'], min: 0, max: 50, severity: 'block' }],
    });
    ref.setInput('columns', ['date', 'roas']);
    page = fixture.nativeElement as HTMLElement;
    TestBed.tick();
  });

  const enter = (label: string, value: string): void => {
    const field = [...page.querySelectorAll('mat-form-field')]
      .find((each) => each.querySelector('mat-label')?.textContent === label)
      ?.querySelector<HTMLInputElement>('input, textarea');
    if (!field) throw new Error(`There is no field ${label}.`);
    field.value = value;
    field.dispatchEvent(new Event('change'));
    TestBed.tick();
  };

  it('writes the bounds of a range, and forgets one that is emptied', () => {
    enter('From', '0,5');
    enter('To', '');
    expect(form().guards).toEqual([{ kind: 'range', columns: ['roas'], min: 0.5, severity: 'block' }]);
  });

  it('takes accepted values, a percentage and a query', () => {
    const kept = { severity: 'block', columns: ['roas'] } as const;
    for (const [kind, label, value, guard] of [
      [
        'accepted_values',
        'Accepted values',
        'a, b,',
        { ...kept, kind: 'accepted_values', values: ['a', 'b'] },
      ],
      ['row_change', 'At most, percent', '20', { kind: 'row_change', severity: 'block', percent: 20 }],
      [
        'sql',
        'Query that must find no rows',
        'select 1',
        { kind: 'sql', severity: 'block', sql: 'select 1' },
      ],
    ] as const) {
      ref.setInput('form', {
        ...form(),
        guards: [newGuard(kind, { kind: 'range', ...kept, columns: ['roas'] })],
      });
      TestBed.tick();
      enter(label, value);
      expect(form().guards).toEqual([guard]);
    }
  });

  it('keeps what is there beside new ones', () => {
    click('Add guard');
    expect(form().guards.map(({ kind }) => kind)).toEqual(['range', 'unique']);
  });

  it('removes the guard that was meant', () => {
    click('Add guard');
    click('Remove guard Within a range');
    expect(form().guards.map(({ kind }) => kind)).toEqual(['unique']);
  });

  it('adds and removes indexes', () => {
    click('Add index');
    expect(form().indexes).toEqual([{ columns: [], unique: false }]);
    page.querySelector<HTMLInputElement>('[aria-label="Index 1"] input[type="checkbox"]')?.click();
    expect(form().indexes).toEqual([{ columns: [], unique: true }]);
    click('Remove index 1');
    expect(form().indexes).toEqual([]);
  });

  it('turns refreshing by itself off', () => {
    page.querySelector<HTMLButtonElement>('mat-slide-toggle button')?.click();
    expect(form().autoRefresh).toBe(false);
  });
});

describe('the tables and models beside a query', () => {
  let page: HTMLElement;
  let inserted: string[];
  const column = { name: 'Bounce Rate', type: 'numeric' };

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    const fixture = TestBed.createComponent(SchemaBrowser);
    fixture.componentRef.setInput('relations', [
      { kind: 'model', id: '20', schema: null, name: 'daily', columns: [], rowCount: 5 },
      { kind: 'model', id: '21', schema: null, name: 'itself', columns: [], rowCount: 5 },
      { kind: 'table', id: 't', schema: 'ga_main', name: 'traffic', columns: [column], rowCount: 18_940 },
    ]);
    fixture.componentRef.setInput('except', '21');
    inserted = [];
    fixture.componentInstance.insert.subscribe((text) => inserted.push(text));
    page = fixture.nativeElement as HTMLElement;
    TestBed.tick();
  });
  const names = (): string[] =>
    [...page.querySelectorAll('.relation .name')].map((name) => name.textContent?.trim() ?? '');

  it('lists sources first, then models, without the one being edited', () => {
    expect(names()).toEqual(['Insert traffic18,940', 'Insert daily5']);
  });

  it('writes the whole name of what is clicked, quoted where it must be', () => {
    page.querySelector<HTMLButtonElement>('.relation .name')?.click();
    page.querySelector<HTMLButtonElement>('.expand')?.click();
    TestBed.tick();
    page.querySelector<HTMLButtonElement>('.columns .name')?.click();
    expect(inserted).toEqual(['ga_main.traffic', '"Bounce Rate"']);
  });

  it('finds a table by its columns', () => {
    const search = page.querySelector<HTMLInputElement>('input');
    if (search) search.value = 'bounce';
    search?.dispatchEvent(new Event('input'));
    TestBed.tick();
    expect(names()).toEqual(['Insert traffic18,940']);
  });
});
