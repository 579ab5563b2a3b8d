/** Rows as a table: sorting by any column, search over what is shown, and more rows on demand. */
import { Component, computed, input, linkedSignal, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { Cell, Column } from '@freshet/contracts';
import { formatCell, type ValueFormat } from './cell-format';
import { columnKind, isNumeric } from './column-kind';
import { cellOrder } from './compare-cells';

interface Sort {
  column: number;
  direction: 1 | -1;
}

const pageSize = 50;
/** Below this many rows a search box is in the way. */
const searchFrom = 8;

@Component({
  selector: 'fr-data-table',
  imports: [MatButton, MatIcon],
  templateUrl: './data-table.html',
  styleUrl: './data-table.scss',
})
export class DataTable {
  readonly caption = input.required<string>();
  readonly columns = input.required<readonly Column[]>();
  readonly rows = input.required<readonly (readonly Cell[])[]>();
  /** How to write the numbers of the columns named in `formatted`, or of none. */
  readonly format = input<ValueFormat>({});
  readonly formatted = input<readonly string[]>([]);
  readonly searchable = input(true);
  /** Off where only a part of the rows is here: sorting that part would mislead. */
  readonly sortable = input(true);
  /** Writes each column's type under its name. */
  readonly showTypes = input(false);
  /** There are rows beyond those given: the button asks the owner for them. */
  readonly hasMore = input(false);
  readonly loadingMore = input(false);
  readonly more = output();

  protected readonly search = signal('');
  protected readonly sort = signal<Sort | null>(null);
  protected readonly limit = linkedSignal({
    source: () => [this.search(), this.sort()] as const,
    computation: () => pageSize,
  });

  protected readonly heads = computed(() =>
    this.columns().map((column) => ({ ...column, numeric: isNumeric(columnKind(column.type)) })),
  );

  protected readonly texts = computed(() => {
    const columns = this.columns();
    const formats = columns.map((column) => (this.formatted().includes(column.name) ? this.format() : {}));
    return this.rows().map((row) => ({
      row,
      texts: columns.map((column, at) => formatCell(row[at], column, formats[at])),
    }));
  });

  protected readonly found = computed(() => {
    const wanted = this.search().trim().toLocaleLowerCase();
    const sort = this.sort();
    const rows = wanted
      ? this.texts().filter(({ texts }) => texts.some((text) => text.toLocaleLowerCase().includes(wanted)))
      : this.texts();
    if (!sort) return rows;
    const order = cellOrder(columnKind(this.columns()[sort.column]?.type ?? 'text'), sort.direction);
    return rows.toSorted((a, b) => order(a.row[sort.column] ?? null, b.row[sort.column] ?? null));
  });

  protected readonly shown = computed(() => this.found().slice(0, this.limit()));
  protected readonly hidden = computed(() => this.found().length - this.shown().length);
  protected readonly hasSearch = computed(
    () => this.searchable() && (this.rows().length >= searchFrom || this.search() !== ''),
  );
  protected readonly count = computed(() => {
    const [found, all] = [this.found().length, this.rows().length];
    const rows = all === 1 ? 'row' : 'rows';
    return found === all
      ? `${all.toLocaleString('en')}${this.hasMore() ? '+' : ''} ${rows}`
      : `${found.toLocaleString('en')} of ${all.toLocaleString('en')} ${rows}`;
  });

  /** Ascending, then descending, then the query's own order again. */
  protected sortBy(column: number): void {
    this.sort.update((sort) => {
      if (sort?.column !== column) return { column, direction: 1 };
      return sort.direction === 1 ? { column, direction: -1 } : null;
    });
  }

  protected sortState(column: number): 'ascending' | 'descending' | 'none' {
    const sort = this.sort();
    if (sort?.column !== column) return 'none';
    return sort.direction === 1 ? 'ascending' : 'descending';
  }

  protected showMore(): void {
    if (this.hidden() > 0) this.limit.update((limit) => limit + pageSize);
    else this.more.emit();
    if (this.hidden() === 0 && this.hasMore()) this.limit.update((limit) => limit + pageSize);
  }
}
