/** Schemas of tables, and values as BigQuery's JSON writes them. */

export type FieldType =
  | 'INTEGER'
  | 'FLOAT'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'BOOLEAN'
  | 'STRING'
  | 'BYTES'
  | 'DATE'
  | 'DATETIME'
  | 'TIME'
  | 'TIMESTAMP'
  | 'JSON'
  | 'RECORD';

export interface Field {
  name: string;
  type: FieldType;
  mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  fields?: readonly Field[];
}

/** Text, or a list: of the values of a repeated field, or of a record's fields in their order. Timestamps are microseconds since 1970. */
export type Value = string | null | readonly Value[];

export const field = (name: string, type: FieldType, mode: Field['mode'] = 'NULLABLE'): Field => ({
  name,
  type,
  mode,
});

export const record = (name: string, fields: readonly Field[], mode: Field['mode'] = 'NULLABLE'): Field => ({
  name,
  type: 'RECORD',
  mode,
  fields,
});

/** Seconds with an exponent, as the API writes timestamps unless it is asked for whole microseconds: `1.772323200123456E9`. */
const exponentSeconds = (micros: string): string => {
  const sign = micros.startsWith('-') ? '-' : '';
  const digits = micros.replace('-', '').replace(/^0+(?=\d)/, '');
  const exponent = digits.length - 1 - 6;
  const fraction = digits.slice(1).replace(/0+$/, '') || '0';
  return digits === '0' ? '0.0' : `${sign}${digits.slice(0, 1)}.${fraction}E${exponent}`;
};

export const written = (value: Value, of: Field, asMicros: boolean): { v: unknown } => {
  if (value === null) return { v: of.mode === 'REPEATED' ? [] : null };
  if (of.mode === 'REPEATED' && typeof value !== 'string')
    return { v: value.map((item) => written(item, { ...of, mode: 'NULLABLE' }, asMicros)) };
  if (of.type === 'RECORD' && typeof value !== 'string')
    return {
      v: { f: (of.fields ?? []).map((inner, place) => written(value[place] ?? null, inner, asMicros)) },
    };
  if (of.type === 'TIMESTAMP' && typeof value === 'string')
    return { v: asMicros ? value : exponentSeconds(value) };
  return { v: value };
};

/** Whole microseconds as ISO 8601, to the last digit. */
export const isoOfMicros = (micros: string): string => {
  const all = BigInt(micros);
  const [seconds, rest] = [all / 1_000_000n, all % 1_000_000n];
  const fraction = String(rest).padStart(6, '0').replace(/0+$/, '');
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`;
};

const numbers: readonly FieldType[] = ['INTEGER', 'FLOAT', 'NUMERIC', 'BIGNUMERIC', 'BOOLEAN', 'JSON'];

/** Exact JSON text of a value inside a record or list. */
const jsonText = (value: Value, of: Field): string => {
  if (value === null) return of.mode === 'REPEATED' ? '[]' : 'null';
  if (of.mode === 'REPEATED' && typeof value !== 'string')
    return `[${value.map((item) => jsonText(item, { ...of, mode: 'NULLABLE' })).join(',')}]`;
  if (typeof value !== 'string') {
    const inner = (of.fields ?? []).map(
      (one, place) => `${JSON.stringify(one.name)}:${jsonText(value[place] ?? null, one)}`,
    );
    return `{${inner.join(',')}}`;
  }
  if (of.type === 'TIMESTAMP') return JSON.stringify(isoOfMicros(value));
  return numbers.includes(of.type) ? value : JSON.stringify(value);
};

/** What a table of ours has to hold for a value. */
export const truthOf = (value: Value, of: Field): unknown => {
  if (of.mode === 'REPEATED' || of.type === 'RECORD')
    return jsonText(value, of) === 'null' ? null : jsonText(value, of);
  if (value === null || typeof value !== 'string') return null;
  if (of.type === 'TIMESTAMP') return isoOfMicros(value);
  if (of.type === 'DATETIME') return `${value}Z`;
  return of.type === 'BOOLEAN' ? value === 'true' : value;
};
