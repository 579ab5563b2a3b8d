import { TestBed } from '@angular/core/testing';
import type { Cell } from '@freshet/contracts';
import { clientWithoutNetwork } from '../../testing/fake-server';
import { DataTable } from './data-table';

const columns = [
  { name: 'channel', type: 'text' },
  { name: 'sessions', type: 'int8' },
];
const many: Cell[][] = Array.from({ length: 120 }, (_, at) => [`channel ${String(at)}`, String(at)]);

describe('a table of rows', () => {
  let table: HTMLElement;
  const render = (rows: Cell[][]): void => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    const fixture = TestBed.createComponent(DataTable);
    fixture.componentRef.setInput('caption', 'Traffic');
    fixture.componentRef.setInput('columns', columns);
    fixture.componentRef.setInput('rows', rows);
    table = fixture.nativeElement as HTMLElement;
    TestBed.tick();
  };
  const body = (): string[] =>
    [...table.querySelectorAll('tbody tr')].map((row) => row.textContent?.trim() ?? '');
  const click = (text: string): void => {
    [...table.querySelectorAll('button')].find((button) => button.textContent?.includes(text))?.click();
    TestBed.tick();
  };
  const search = (text: string): void => {
    const box = table.querySelector<HTMLInputElement>('input[type="search"]');
    if (box) {
      box.value = text;
      box.dispatchEvent(new Event('input'));
    }
    TestBed.tick();
  };

  it('aligns numbers right and shows missing ones as dashes', () => {
    render([['email', null]]);
    expect(
      [...table.querySelectorAll('td')].map((cell) => [cell.textContent, cell.classList.contains('numeric')]),
    ).toEqual([
      ['email', false],
      ['–', true],
    ]);
  });

  it('sorts up, down, and back to the order of the query', () => {
    render([
      ['b', '10'],
      ['a', '9'],
      ['c', null],
    ]);
    const sorts = () => table.querySelectorAll('th')[1]?.getAttribute('aria-sort');
    click('sessions');
    expect([body(), sorts()]).toEqual([['a9', 'b10', 'c–'], 'ascending']);
    click('sessions');
    expect([body(), sorts()]).toEqual([['b10', 'a9', 'c–'], 'descending']);
    click('sessions');
    expect([body(), sorts()]).toEqual([['b10', 'a9', 'c–'], 'none']);
  });

  it('shows fifty rows, and more when asked', () => {
    render(many);
    expect(body()).toHaveLength(50);
    click('more of 120');
    expect(body()).toHaveLength(100);
    click('more of 120');
    expect(body()).toHaveLength(120);
  });

  it('searches all rows, not only those shown', () => {
    render(many);
    search('CHANNEL 119');
    expect(body()).toEqual(['channel 119119']);
    expect(table.querySelector('[role="status"]')?.textContent).toBe('1 of 120 rows');
    search('nowhere');
    expect(body()).toEqual(['Nothing matches “nowhere”.']);
  });
});
