/** A stream's table in memory, which changes by batches as the loader changes the real one (`warehouse/loading`). */
import type { Cell, Column } from '../column';
import type { Batch, Slice, StreamSpec } from '../connector';
import { canonical } from './canonical';

type TableRow = Record<string, Cell>;

const byName = ({ columns, rows }: Batch): TableRow[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));

export class Table {
  columns: readonly Column[] | null = null;
  private rows = new Map<string, TableRow>();

  constructor(private readonly spec: Pick<StreamSpec, 'mode' | 'key' | 'cursor'>) {}

  get size(): number {
    return this.rows.size;
  }

  /** One transaction: the batches of a slice, or of a part of it that ends with a checkpoint. */
  commit(batches: readonly Batch[], slice: Slice): void {
    const last = batches.at(-1);
    if (!last) return;
    this.columns = last.columns;
    const incoming = this.keyed(batches.flatMap(byName));
    const { mode, cursor } = this.spec;
    if (mode === 'replace-all') this.rows = new Map();
    if (mode === 'replace-window') this.deleteWindow(cursor ?? '', slice);
    for (const [key, row] of incoming) {
      if (mode === 'append' && this.spec.key.length > 0 && this.rows.has(key)) continue;
      this.rows.set(key, row);
    }
  }

  /** The last of equal keys wins; rows without a key are told apart by their place among equal ones. */
  private keyed(rows: readonly TableRow[]): Map<string, TableRow> {
    const { key, mode } = this.spec;
    const found = new Map<string, TableRow>();
    const seen = new Map<string, number>();
    for (const row of rows) {
      if (key.length > 0) {
        found.set(JSON.stringify(key.map((name) => row[name] ?? null)), row);
        continue;
      }
      const hash = JSON.stringify(row);
      const occurrence = (seen.get(hash) ?? 0) + 1;
      seen.set(hash, occurrence);
      found.set(`${hash}#${occurrence + (mode === 'append' ? this.rows.size : 0)}`, row);
    }
    return found;
  }

  private deleteWindow(cursor: string, { from = '', to = '' }: Slice): void {
    for (const [key, row] of this.rows) {
      const at = String(row[cursor] ?? '');
      if (at >= from && at < to) this.rows.delete(key);
    }
  }

  /** Rows in one form and order, with these columns only. */
  shown(names: readonly string[]): string[] {
    return shownRows([...this.rows.values()], this.columns ?? [], names);
  }
}

/** One line of JSON a row, sorted. Throws for a name that is no column. */
export const shownRows = (
  rows: readonly object[],
  columns: readonly Column[],
  names: readonly string[],
): string[] => {
  const types = names.map((name) => {
    const type = columns.find((column) => column.name === name)?.type;
    if (!type) throw new Error(`The truth names a column ${name}, which the table does not have.`);
    return [name, type] as const;
  });
  const line = (row: object): string => {
    const values = new Map<string, unknown>(Object.entries(row));
    return JSON.stringify(types.map(([name, type]) => [name, canonical(values.get(name), type)]));
  };
  return rows.map(line).sort();
};
