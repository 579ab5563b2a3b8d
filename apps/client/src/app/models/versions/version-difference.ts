/** How one build differs from another: counts, columns, samples. Used for two versions, a shadow build and a dry run. */
import { Component, computed, input } from '@angular/core';
import type { Cell, VersionDiff } from '@freshet/contracts';
import { count } from '../../time/describe-number';
import { columnDrift } from './column-drift';

type Row = Record<string, Cell>;

interface Sample {
  title: string;
  columns: string[];
  rows: { key: number; cells: { text: string; was: string | null }[] }[];
}

const shown = (value: Cell | undefined): string =>
  value === null || value === undefined
    ? '–'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

@Component({
  selector: 'fr-version-difference',
  templateUrl: './version-difference.html',
  styleUrls: ['../dense-table.scss', './version-difference.scss'],
})
export class VersionDifference {
  readonly diff = input.required<VersionDiff>();

  protected readonly same = computed(() => {
    const { rowsAdded, rowsRemoved, rowsChanged, columns } = this.diff();
    return rowsAdded + rowsRemoved + rowsChanged === 0 && columns.every(({ change }) => change === 'same');
  });
  protected readonly counts = computed(() => {
    const { rowsBefore, rowsAfter, rowsAdded, rowsRemoved, rowsChanged, key } = this.diff();
    const parts = [`${count(rowsAdded)} added`, `${count(rowsRemoved)} removed`];
    if (key.length > 0) parts.push(`${count(rowsChanged)} changed`);
    return `${count(rowsBefore)} → ${count(rowsAfter)} rows: ${parts.join(', ')}`;
  });
  protected readonly pairing = computed(() => {
    const { key } = this.diff();
    return key.length > 0
      ? `(rows are paired by ${key.join(', ')})`
      : '(without a unique index a changed row counts as one removed and one added)';
  });
  protected readonly columns = computed(() => this.diff().columns.map(columnDrift));

  protected readonly samples = computed<Sample[]>(() => {
    const { samples } = this.diff();
    const plain = (title: string, rows: readonly Row[]): Sample => {
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return {
        title,
        columns,
        rows: rows.map((row, key) => ({
          key,
          cells: columns.map((column) => ({ text: shown(row[column]), was: null })),
        })),
      };
    };
    const changed = plain(
      'Changed rows',
      samples.changed.map(({ after }) => after),
    );
    for (const [at, { before }] of samples.changed.entries()) {
      const row = changed.rows[at];
      if (!row) continue;
      row.cells = row.cells.map(({ text }, place) => {
        const was = shown(before[changed.columns[place] ?? '']);
        return { text, was: was === text ? null : was };
      });
    }
    return [changed, plain('Added rows', samples.added), plain('Removed rows', samples.removed)].filter(
      ({ rows }) => rows.length > 0,
    );
  });
}
