/** The SQL for a stream: its table or query, from the cursor on, never past now, in the cursor's order. */
import { FreshetError } from '@freshet/contracts';
import { modeOf, type TableStream } from './bigquery-config';
import type { Field } from './values';

export interface Statement {
  sql: string;
  /** As the API takes it in `queryParameters`. */
  parameters: { name: string; parameterType: { type: string }; parameterValue: { value: string } }[];
}

const quoted = (name: string): string => `\`${name}\``;

/** A person's own query keeps its lines, so that positions in errors can be told in it. */
const sourceOf = ({ table, query }: TableStream, { projectId, dataset }: Place): string => {
  if (table === undefined) return `(\n${(query ?? '').replace(/;\s*$/, '')}\n)`;
  const parts = table.split('.');
  const path = parts.length === 1 && dataset !== undefined ? [dataset, ...parts] : parts;
  return quoted((path.length === 2 ? [projectId, ...path] : path).join('.'));
};

export interface Place {
  projectId: string;
  dataset?: string | undefined;
}

/** Everything, for a dry run. */
export const wholeQuery = (stream: TableStream, place: Place): string =>
  `SELECT * FROM ${sourceOf(stream, place)}`;

/** The API's names of types whose values have an order, by those of its schemas. */
const cursorTypes: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  INT64: 'INT64',
  NUMERIC: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  STRING: 'STRING',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'TIMESTAMP',
};

export const cursorField = ({ name, cursor }: TableStream, fields: readonly Field[]): Field | null => {
  if (cursor === undefined) return null;
  const field = fields.find((one) => one.name.toLowerCase() === cursor.toLowerCase());
  if (!field) {
    throw new FreshetError(
      'source_refused',
      `${name} has no column ${cursor}, by which it is to be read on.`,
      {
        action: 'Choose another cursor column in the source’s settings.',
      },
    );
  }
  if (field.mode === 'REPEATED' || !(field.type in cursorTypes)) {
    throw new FreshetError(
      'source_refused',
      `${cursor} of ${name} is of type ${field.type}, which has no order to read on by.`,
      {
        action: 'Choose a cursor column of a date, a time, a number or text.',
      },
    );
  }
  return field;
};

const day = 86_400_000;

/** A moment as a value of the type; null for types that are no times. */
const moment = (type: string, time: Date): string | null => {
  const iso = time.toISOString();
  if (type === 'DATE') return iso.slice(0, 10);
  if (type === 'DATETIME') return iso.replace('Z', '');
  return type === 'TIMESTAMP' ? iso : null;
};

/** The value by so many days earlier; others than times stay. */
const earlier = (type: string, value: string, days: number): string => {
  if (days === 0) return value;
  const time = Date.parse(type === 'DATETIME' ? `${value}Z` : value);
  return (Number.isNaN(time) ? null : moment(type, new Date(time - days * day))) ?? value;
};

/**
 * @param from the cursor up to which rows are read; null for all
 * Rows of that very value are read again where they have a key, since others may have come to it since.
 */
export const statementOf = (
  stream: TableStream,
  place: Place,
  { field, from, now }: { field: Field | null; from: string | null; now: Date },
): Statement => {
  const source = wholeQuery(stream, place);
  if (!field) return { sql: source, parameters: [] };
  const type = cursorTypes[field.type] ?? field.type;
  const cursor = quoted(field.name);
  const until = moment(field.type, now);
  const exclusive = modeOf(stream) === 'append' && stream.key.length === 0;
  const conditions: string[] = [];
  const parameters: Statement['parameters'] = [];
  const bound = (name: string, operator: string, value: string): void => {
    conditions.push(`${cursor} ${operator} @${name}`);
    parameters.push({ name, parameterType: { type }, parameterValue: { value } });
  };
  if (from !== null)
    bound('from', exclusive ? '>' : '>=', exclusive ? from : earlier(field.type, from, stream.lookbackDays));
  if (until !== null) bound('until', '<=', until);
  const where = conditions.length === 0 ? '' : `\nWHERE ${conditions.join(' AND ')}`;
  const order = [field.name, ...stream.key.filter((name) => name.toLowerCase() !== field.name.toLowerCase())];
  return { sql: `${source}${where}\nORDER BY ${order.map(quoted).join(', ')}`, parameters };
};

/** An error's place in the person's own query, which begins on the second line of ours. */
export const inOwnQuery = (error: unknown, { query }: TableStream): unknown => {
  const found = error instanceof FreshetError ? /\[(\d+):(\d+)\]/.exec(error.message) : null;
  if (!(error instanceof FreshetError) || !found || query === undefined) return error;
  const [line, column] = [Number(found[1]) - 1, Number(found[2])];
  const before = query.split('\n').slice(0, line - 1);
  if (line < 1 || line > query.split('\n').length) return error;
  const position = before.reduce((length, text) => length + text.length + 1, 0) + column - 1;
  const message = error.message.replace(found[0], `[${line}:${column}]`);
  return new FreshetError(error.code, message, { ...error.details, position });
};
