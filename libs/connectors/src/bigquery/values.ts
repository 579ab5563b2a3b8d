/** BigQuery's schemas as columns, and its values, which its JSON writes as text, as cells without losing a digit. */
import type { Column, ColumnType, Reject, Row } from '../kit/column';
import { columnNamer } from '../kit/column-names';
import type { RawValue } from '../kit/types/raw-value';
import { impossible, otherType, toCell } from '../kit/types/to-cell';
import { widest } from '../kit/types/type-of';

export interface Field {
  name: string;
  type: string;
  mode?: string;
  fields?: Field[];
}

/** `{v}` around text, null, a list of `{v}`, or `{f: [{v}]}` for a record. */
export type Wire = unknown;

const types: Readonly<Record<string, ColumnType>> = {
  INTEGER: 'bigint',
  INT64: 'bigint',
  FLOAT: 'double',
  FLOAT64: 'double',
  NUMERIC: 'numeric',
  BIGNUMERIC: 'numeric',
  BOOLEAN: 'boolean',
  BOOL: 'boolean',
  DATE: 'date',
  DATETIME: 'timestamp',
  TIMESTAMP: 'timestamp',
  JSON: 'json',
  RECORD: 'json',
  STRUCT: 'json',
};

export const columnTypeOf = ({ type, mode }: Field): ColumnType =>
  mode === 'REPEATED' ? 'json' : (types[type] ?? 'text');

/** Names as people can write them; a table's columns always get the same ones. */
export const columnsOf = (fields: readonly Field[]): Column[] => {
  const name = columnNamer();
  return fields.map((field) => ({ name: name(field.name), type: columnTypeOf(field) }));
};

const inner = (wire: Wire): unknown =>
  typeof wire === 'object' && wire !== null && 'v' in wire ? wire.v : null;

/** `1.772323200123456E9` (seconds) or `1772323200123456` (microseconds) → ISO 8601, exact. */
export const timestampOf = (text: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === '') return text;
  const inSeconds = /[.eE]/.test(text);
  // As many zeros as shift the decimal point behind the microseconds; what is finer than those does not exist.
  const shift = inSeconds ? Number(exponent) + 6 - fraction.length : 0;
  const digits =
    shift >= 0 ? `${whole}${fraction}${'0'.repeat(shift)}` : `${whole}${fraction}`.slice(0, shift) || '0';
  const micros = BigInt(`${sign}${digits}`);
  const million = 1_000_000n;
  const rest = ((micros % million) + million) % million;
  const seconds = Number((micros - rest) / million);
  const part = String(rest).padStart(6, '0').replace(/0+$/, '');
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}${part && `.${part}`}Z`;
};

const literal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const asNumber: readonly string[] = ['INTEGER', 'INT64', 'FLOAT', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC'];

/** JSON text of a value within a list or record: numbers keep all their digits, JSON of its own stays as it is. */
const jsonText = (value: unknown, field: Field): string => {
  if (field.mode === 'REPEATED') {
    const items = Array.isArray(value) ? value : [];
    return `[${items.map((item) => jsonText(inner(item), { ...field, mode: 'NULLABLE' })).join(',')}]`;
  }
  if (value === null || value === undefined) return 'null';
  if (field.type === 'RECORD' || field.type === 'STRUCT') {
    const cells = typeof value === 'object' && 'f' in value && Array.isArray(value.f) ? value.f : [];
    const members = (field.fields ?? []).map(
      (one, place) => `${JSON.stringify(one.name)}:${jsonText(inner(cells[place]), one)}`,
    );
    return `{${members.join(',')}}`;
  }
  const text = String(value);
  if (field.type === 'TIMESTAMP') return JSON.stringify(timestampOf(text));
  if (field.type === 'JSON' || field.type === 'BOOLEAN' || field.type === 'BOOL') return text;
  return asNumber.includes(field.type) && literal.test(text) ? text : JSON.stringify(text);
};

const noNumber = /^[+-]?(NaN|Inf(inity)?)$/i;

const rawOf = (wire: Wire, field: Field): RawValue => {
  const value = inner(wire);
  if (field.mode === 'REPEATED' || field.type === 'RECORD' || field.type === 'STRUCT')
    return value === null && field.mode !== 'REPEATED' ? null : { json: jsonText(value, field) };
  if (value === null || value === undefined) return null;
  const text = String(value);
  switch (field.type) {
    case 'TIMESTAMP':
      return timestampOf(text);
    case 'DATETIME':
      return `${text}Z`;
    case 'JSON':
      return { json: text };
    case 'FLOAT':
    case 'FLOAT64':
      return noNumber.test(text) ? null : text;
    default:
      return text;
  }
};

/** The text by which a row is compared with others of its column, as parameters take it; null where there is none. */
export const cursorText = (wire: Wire, field: Field): string | null => {
  const value = inner(wire);
  if (value === null || value === undefined) return null;
  return field.type === 'TIMESTAMP' ? timestampOf(String(value)) : String(value);
};

export interface Table {
  columns: Column[];
  /** @param number of the row in its page, from 1 */
  rowOf(cells: readonly Wire[], number: number): { row: Row } | { reject: Reject };
}

const rawLength = 500;

/** Known columns first, as the loader has them, each wide enough for what it holds now; then new ones. */
export const tableOf = (
  fields: readonly Field[],
  known: readonly Column[] | null,
  key: readonly string[],
): Table => {
  const found = new Map(columnsOf(fields).map((column, place) => [column.name, { column, place }]));
  const kept = (known ?? []).map(({ name, type }): Column => ({
    name,
    type: widest(type, found.get(name)?.column.type ?? null) ?? type,
  }));
  const isKnown = new Set(kept.map(({ name }) => name));
  const columns = [
    ...kept,
    ...[...found.values()].map(({ column }) => column).filter(({ name }) => !isKnown.has(name)),
  ];
  const targets = columns.map(({ name, type }) => ({
    name,
    convert: toCell[type],
    type,
    place: found.get(name)?.place ?? -1,
  }));
  return {
    columns,
    rowOf(cells, number) {
      const row: Row = [];
      const refused = (reason: string): { reject: Reject } => ({
        reject: { row: number, reason, raw: JSON.stringify(cells).slice(0, rawLength) },
      });
      for (const { name, convert, type, place } of targets) {
        const field = fields[place];
        const cell = convert(field ? rawOf(cells[place], field) : null);
        if (cell === otherType) return refused(`The value in ${name} is no ${type}.`);
        if (cell === impossible) return refused(`The value in ${name} can’t be stored.`);
        if (cell === null && key.includes(name)) return refused(`The key column ${name} is empty.`);
        row.push(cell);
      }
      return { row };
    },
  };
};

/** Columns in which a page has values that are no numbers, which PostgreSQL's charts and sums could not stand. */
export const unusualNumbers = (fields: readonly Field[], rows: readonly (readonly Wire[])[]): string[] =>
  fields
    .filter(
      ({ type }, place) =>
        /^FLOAT/.test(type) && rows.some((row) => noNumber.test(String(inner(row[place])))),
    )
    .map(({ name }) => `${name} holds NaN or infinity in places, which are kept as empty.`);
