/** Whether the columns that a person chose as key and cursor can be that, and what people should know of the others. */
import { FreshetError } from '@freshet/contracts';
import { columnName } from '../kit/column-names';
import { oids, type SourceColumn } from './columns';
import { cursorKind, type CursorKind } from './position';
import type { StreamConfig } from './postgresql-config';

/** Throws `source_not_found` or `source_refused` for a key or cursor that can't be one. */
export const kindOf = (
  { cursor, key }: StreamConfig,
  columns: readonly SourceColumn[],
): CursorKind | null => {
  const names = columns.map(({ source }) => source);
  const missing = [...key, ...(cursor === undefined ? [] : [cursor])].find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw new FreshetError('source_not_found', `There is no column ${missing}.`, {
      action: `Choose among: ${names.slice(0, 20).join(', ')}.`,
    });
  }
  refuseOtherNames([...key, ...(cursor === undefined ? [] : [cursor])], columns);
  if (cursor === undefined) return null;
  const kind = cursorKind(columns.find(({ source }) => source === cursor)?.oid ?? 0);
  if (kind) return kind;
  throw new FreshetError(
    'source_refused',
    `Nothing can be read on by ${cursor}, since it is no time, date or whole number.`,
    {
      action: 'Choose another cursor, or none to read everything each time.',
    },
  );
};

/** A key called `Id` beside a column `id` would be called `id_2` here, which nobody could foresee. */
const refuseOtherNames = (chosen: readonly string[], columns: readonly SourceColumn[]): void => {
  const other = columns.find(({ source, name }) => chosen.includes(source) && name !== columnName(source));
  if (!other) return;
  throw new FreshetError(
    'source_refused',
    `Another column is also called ${columnName(other.source)} here.`,
    {
      action: 'Use a query that gives each column a name of its own by AS.',
    },
  );
};

export const zoneWarnings = (columns: readonly SourceColumn[]): string[] => {
  const local = columns.filter(({ oid }) => oid === oids.timestamp).map(({ name }) => name);
  return local.length === 0 ? [] : [`Times without a zone are taken as UTC: ${local.join(', ')}.`];
};
