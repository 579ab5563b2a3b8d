/** The types of a source's columns, learned from a sample, then fixed, and widened only for a value that does not fit. */
import type { Column, ColumnType, Row } from '../column';
import type { RawRow, RawValue } from './raw-value';
import { impossible, otherType, toCell, type ToCell } from './to-cell';
import { typeOf, widest } from './type-of';

export interface ColumnTypesOptions {
  /** The columns that the table has already. */
  known: readonly Column[] | null;
  /** Rows during which the types of new columns are still open. */
  sampleRows: number;
  untyped: boolean;
}

/** A row in the order of the final columns, or the reason why it can't be loaded. */
export type Projected = { row: Row } | { reason: string };

const accept = (type: ColumnType, value: RawValue): boolean => toCell[type](value) !== otherType;

export class ColumnTypes {
  /** By the source's position; null while nothing is known. */
  private readonly types: (ColumnType | null)[] = [];
  private readonly names: string[] = [];
  private readonly known: Map<string, ColumnType>;
  private rows = 0;

  constructor(private readonly options: ColumnTypesOptions) {
    this.known = new Map(options.known?.map(({ name, type }) => [name, type]));
  }

  /** Adds a column of the source; its position is the number of those before. */
  add(name: string): void {
    this.types.push(this.known.get(name) ?? null);
    this.names.push(name);
  }

  /** Widens the types to hold this row. */
  observe(row: RawRow): void {
    const isSample = ++this.rows <= this.options.sampleRows;
    for (let index = 0; index < row.length; index++) {
      const value = row[index] ?? null;
      if (value === null) continue;
      const type = this.types[index] ?? null;
      const isOpen = type === null || (isSample && !this.known.has(this.names[index] ?? ''));
      if (isOpen) this.types[index] = widest(type, typeOf(value, this.options.untyped));
      else if (!accept(type, value)) this.types[index] = this.widened(type, value);
    }
  }

  private widened(type: ColumnType, value: RawValue): ColumnType {
    const wider = widest(type, typeOf(value, this.options.untyped)) ?? 'text';
    // Rows that a table has already do not turn into JSON; text holds both.
    return wider !== 'json' && accept(wider, value) ? wider : 'text';
  }

  /** Those that the source has, in its order. */
  sourceColumns(): Column[] {
    return this.names.map((name, index) => ({ name, type: this.types[index] ?? 'text' }));
  }

  /** Known columns in their order, then the source's new ones. */
  columns(): Column[] {
    const position = new Map(this.names.map((name, index) => [name, index]));
    const known = this.options.known ?? [];
    const kept = known.map(({ name, type }) => ({
      name,
      type: this.types[position.get(name) ?? -1] ?? type,
    }));
    return [...kept, ...this.sourceColumns().filter(({ name }) => !this.known.has(name))];
  }

  /** Puts rows into the final columns. Rows with an empty key can't be told apart and are refused. */
  projection(keyColumns: readonly string[]): (row: RawRow) => Projected {
    const position = new Map(this.names.map((name, index) => [name, index]));
    const targets = this.columns().map(
      ({
        name,
        type,
      }): { name: string; from: number; convert: ToCell; isKey: boolean; type: ColumnType } => ({
        name,
        type,
        from: position.get(name) ?? -1,
        convert: toCell[type],
        isKey: keyColumns.includes(name),
      }),
    );
    return (raw) => {
      const row: Row = new Array<Row[number]>(targets.length);
      for (let index = 0; index < targets.length; index++) {
        const target = targets[index];
        if (!target) continue;
        const cell = target.convert(raw[target.from] ?? null);
        if (typeof cell === 'symbol') return { reason: whyNot(cell, target.name, target.type) };
        if (cell === null && target.isKey) return { reason: `The key column ${target.name} is empty.` };
        row[index] = cell;
      }
      return { row };
    };
  }
}

const whyNot = (kind: typeof impossible | typeof otherType, name: string, type: ColumnType): string => {
  if (kind === otherType) return `The value in ${name} is no ${type}.`;
  return type === 'date' || type === 'timestamp'
    ? `The value in ${name} is not a day or time that exists.`
    : `The value in ${name} holds a character that can't be stored.`;
};
