/** The little SQL that the sandbox understands: `SELECT … FROM table or (query) [WHERE column >= @parameter …] [ORDER BY …] [LIMIT …]`. */
import { refuseAsBigQuery } from './bigquery-error';
import type { Field, FieldType, Value } from './schema';

export interface Relation {
  fields: readonly Field[];
  rows: readonly Value[][];
  /** Where its dataset is. */
  location: string;
  /** Of all tables read. */
  bytes: number;
}

export interface Parameter {
  name: string;
  type: string;
  value: string | null;
}

export interface Tables {
  /** @throws Refusal for a table that does not exist */
  open(path: string): Relation;
}

class Reader {
  private at = 0;

  constructor(private readonly sql: string) {}

  fail(message: string, at = this.at): never {
    const before = this.sql.slice(0, at).split('\n');
    return refuseAsBigQuery(
      'invalidQuery',
      `${message} at [${before.length}:${(before.at(-1)?.length ?? 0) + 1}]`,
    );
  }

  private skip(): void {
    this.at += /^\s*/.exec(this.sql.slice(this.at))?.[0].length ?? 0;
  }

  /** The text matched at this place, or null. */
  take(pattern: RegExp): string | null {
    this.skip();
    const found = new RegExp(`^(?:${pattern.source})`, 'i').exec(this.sql.slice(this.at))?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  need(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found !== null) return found;
    const next = /^\s*(\w+|.|$)/.exec(this.sql.slice(this.at))?.[1] ?? '';
    return this.fail(`Syntax error: Unexpected ${next === '' ? 'end of script' : `"${next}"`}`);
  }

  position(): number {
    this.skip();
    return this.at;
  }
}

const name = /`[^`]+`|[a-z_]\w*/;
const unquoted = (text: string): string => text.replaceAll('`', '');

const comparable: Partial<Record<FieldType, string>> = {
  INTEGER: 'INT64',
  NUMERIC: 'NUMERIC',
  STRING: 'STRING',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'TIMESTAMP',
};

/** `2026-03-01 12:00:00.123456+00` or ISO 8601 → microseconds. */
const microsOf = (text: string): bigint => {
  const [, seconds = '', fraction = ''] =
    /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00(?::00)?)?$/.exec(text) ?? [];
  const time = Date.parse(`${seconds.replace(' ', 'T')}Z`);
  if (Number.isNaN(time))
    return refuseAsBigQuery('invalidQuery', `Invalid value for TIMESTAMP parameter: ${text}`);
  return BigInt(time) * 1_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6) || 0);
};

const compare = (type: FieldType, left: Value, right: string): number => {
  if (typeof left !== 'string') return Number.NaN;
  if (type === 'TIMESTAMP') return Number(BigInt(left) - microsOf(right));
  if (type === 'INTEGER') return Number(BigInt(left) - BigInt(right));
  if (type === 'NUMERIC') return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
};

const order = (type: FieldType, left: Value, right: Value): number => {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (type === 'TIMESTAMP' || type === 'INTEGER') {
    const difference = BigInt(left as string) - BigInt(right as string);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return compare(type, left, String(right));
};

/** @throws Refusal `invalidQuery` with the position, as BigQuery tells it */
export const evaluate = (sql: string, parameters: readonly Parameter[], tables: Tables): Relation => {
  const reader = new Reader(sql);
  const found = select(reader, parameters, tables);
  reader.take(/;/);
  reader.need(/$/);
  return found;
};

const select = (reader: Reader, parameters: readonly Parameter[], tables: Tables): Relation => {
  reader.need(/select\b/);
  const wanted: [string, number][] = [];
  if (reader.take(/\*/) === null)
    do {
      const at = reader.position();
      wanted.push([unquoted(reader.need(name)), at]);
    } while (reader.take(/,/) !== null);
  reader.need(/from\b/);
  const source = from(reader, parameters, tables);
  const indexOf = (column: string, at: number): number => {
    const index = source.fields.findIndex((field) => field.name.toLowerCase() === column.toLowerCase());
    return index === -1 ? reader.fail(`Unrecognized name: ${column}`, at) : index;
  };
  const columns = wanted.map(([column, at]) => indexOf(column, at));

  let rows = [...source.rows];
  if (reader.take(/where\b/) !== null)
    do {
      const at = reader.position();
      const index = indexOf(unquoted(reader.need(name)), at);
      const operator = reader.need(/>=|<=|>|</);
      const parameter = parameters.find(
        (one) => `@${one.name}` === reader.take(new RegExp(`@${one.name}\\b`)),
      );
      if (!parameter) return reader.fail('Query parameter not found');
      const { type } = source.fields[index] ?? { type: 'STRING' };
      if (parameter.type !== comparable[type])
        return reader.fail(
          `No matching signature for operator ${operator} for argument types: ${type}, ${parameter.type}`,
          at,
        );
      const holds = (result: number): boolean =>
        operator === '>='
          ? result >= 0
          : operator === '<='
            ? result <= 0
            : operator === '>'
              ? result > 0
              : result < 0;
      rows = rows.filter((row) => holds(compare(type, row[index] ?? null, parameter.value ?? '')));
    } while (reader.take(/and\b/) !== null);
  if (reader.take(/order\s+by\b/) !== null) {
    const keys: number[] = [];
    do {
      const at = reader.position();
      keys.push(indexOf(unquoted(reader.need(name)), at));
    } while (reader.take(/,/) !== null);
    rows.sort((a, b) => {
      for (const key of keys) {
        const result = order(source.fields[key]?.type ?? 'STRING', a[key] ?? null, b[key] ?? null);
        if (result !== 0) return result;
      }
      return 0;
    });
  }
  if (reader.take(/limit\b/) !== null) rows = rows.slice(0, Number(reader.need(/\d+/)));
  if (columns.length === 0) return { ...source, rows };
  return {
    ...source,
    // Columns that are not asked for are not read.
    bytes: Math.round((source.bytes * columns.length) / source.fields.length),
    fields: columns.flatMap((column) => source.fields[column] ?? []),
    rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
  };
};

const from = (reader: Reader, parameters: readonly Parameter[], tables: Tables): Relation => {
  let found: Relation;
  if (reader.take(/\(/) === null) found = tables.open(unquoted(reader.need(/`[^`]+`|[\w-]+(?:\.\w+){1,2}/)));
  else {
    found = select(reader, parameters, tables);
    reader.need(/\)/);
  }
  if (reader.take(/as\b/) !== null) reader.need(name);
  return found;
};
