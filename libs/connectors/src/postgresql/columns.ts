/** The columns of a table or query, their types here, and their values as cells. */
import { FreshetError } from '@freshet/contracts';
import type { Column, ColumnType, Reject, Row } from '../kit/column';
import { columnNamer } from '../kit/column-names';
import type { RawValue } from '../kit/types/raw-value';
import { toCell } from '../kit/types/to-cell';
import { widest } from '../kit/types/type-of';
import { columnOf } from './relation';
import type { Session } from './session';

export interface SourceColumn {
  /** As the source calls it. */
  source: string;
  /** As it is called here. */
  name: string;
  type: ColumnType;
  /** OID of its PostgreSQL type; that of domains is their base type's. */
  oid: number;
  /** SQL that gives its value. */
  expression: string;
}

/** `pg_type.oid` of built-in types, which never change. */
export const oids = {
  boolean: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  money: 790,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  record: 2249,
  jsonb: 3802,
} as const;

const types = new Map<number, ColumnType>([
  [oids.boolean, 'boolean'],
  [oids.int8, 'bigint'],
  [oids.int2, 'bigint'],
  [oids.int4, 'bigint'],
  [oids.oid, 'bigint'],
  [oids.json, 'json'],
  [oids.jsonb, 'json'],
  [oids.float4, 'double'],
  [oids.float8, 'double'],
  [oids.money, 'numeric'],
  [oids.numeric, 'numeric'],
  [oids.date, 'date'],
  [oids.timestamp, 'timestamp'],
  [oids.timestamptz, 'timestamp'],
]);

/** Arrays and rows in rows become JSON at the server, where their digits stay exact; everything else is its own text. */
const nested = /^[AC]$/;

/** `pg_type.typcategory` by OID, asked for those that are not known. */
const categories = async (session: Session, unknown: readonly number[]): Promise<Map<number, string>> => {
  if (unknown.length === 0) return new Map();
  const { rows } = await session.query(
    'SELECT oid::text, typcategory::text FROM pg_catalog.pg_type WHERE oid = ANY ($1::oid[])',
    [unknown],
  );
  return new Map(rows.map(([oid, category]) => [Number(oid), category ?? '']));
};

export interface Field {
  name: string;
  /** Of its base type. */
  oid: number;
  /** `pg_type.typcategory`; only asked of types that are not built in. */
  category: string;
}

export const sourceColumns = (fields: readonly Field[]): SourceColumn[] => {
  const named = columnNamer();
  return fields.map(({ name: source, oid, category }) => {
    const isNested = !types.has(oid) && (oid === oids.record || nested.test(category));
    const value = columnOf(source);
    const type = types.get(oid) ?? (isNested ? 'json' : 'text');
    const exact = oid === oids.money ? `${value}::numeric` : value;
    return {
      source,
      name: named(source),
      type,
      oid,
      expression: isNested ? `to_json(${value})::text` : exact,
    };
  });
};

/** @param from SQL of `relation` */
export const describeColumns = async (session: Session, from: string): Promise<SourceColumn[]> => {
  const { fields } = await session.query(`SELECT * FROM ${from} LIMIT 0`);
  if (fields.length === 0)
    throw new FreshetError('source_unreadable', 'It has no columns.', { action: 'Choose another table.' });
  const unknown = fields.map((field) => field.dataTypeID).filter((oid) => !types.has(oid));
  const category = await categories(session, [...new Set(unknown)]);
  return sourceColumns(
    fields.map(({ name, dataTypeID: oid }) => ({ name, oid, category: category.get(oid) ?? '' })),
  );
};

/** Rows that a table has already do not turn into JSON; text holds both. */
const typeOfBoth = (known: ColumnType, found: ColumnType): ColumnType => {
  const wider = widest(known, found) ?? known;
  return wider === 'json' && known !== found ? 'text' : wider;
};

/** Known columns first, also those that were dropped there, then new ones. */
export const tableColumns = (known: readonly Column[] | null, found: readonly SourceColumn[]): Column[] => {
  const now = new Map(found.map((column) => [column.name, column.type]));
  const kept = (known ?? []).map(({ name, type }) => ({
    name,
    type: typeOfBoth(type, now.get(name) ?? type),
  }));
  const names = new Set(kept.map(({ name }) => name));
  return [...kept, ...found.filter(({ name }) => !names.has(name)).map(({ name, type }) => ({ name, type }))];
};

const rawOf = (text: string | null, type: ColumnType): RawValue => {
  if (text === null) return null;
  if (type === 'json') return { json: text };
  return type === 'boolean' ? text === 't' : text;
};

const rawLength = 500;

/** Makes rows of PostgreSQL's texts, in the order of `found`; what has no place in a column is a reject. */
export const rowMaker = (
  columns: readonly Column[],
  found: readonly SourceColumn[],
  key: readonly string[],
) => {
  const targets = columns.map(({ name, type }) => {
    const from = found.findIndex((column) => column.name === name);
    return { name, type, from, sourceType: found[from]?.type ?? type, isKey: key.includes(name) };
  });
  return (texts: readonly (string | null)[], number: number): { row: Row } | { reject: Reject } => {
    const row: Row = [];
    for (const { name, type, from, sourceType, isKey } of targets) {
      const text = texts[from] ?? null;
      const cell = toCell[type](rawOf(text, sourceType));
      const reason =
        typeof cell === 'symbol'
          ? `The value in ${name} (${String(text).slice(0, 50)}) can’t be a ${type} here.`
          : cell === null && isKey
            ? `The key column ${name} is empty.`
            : null;
      if (typeof cell === 'symbol' || reason !== null) {
        const raw = JSON.stringify(texts.slice(0, found.length)).slice(0, rawLength);
        return { reject: { row: number, reason: reason ?? '', raw } };
      }
      row.push(cell);
    }
    return { row };
  };
};
