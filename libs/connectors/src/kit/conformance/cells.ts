/** Whether batches have the form that the loader relies on. */
import type { Cell, ColumnType } from '../column';
import type { Batch } from '../connector';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Digits of ids and money live in text, as a JavaScript number would round them. */
const isRight: Record<ColumnType, (cell: NonNullable<Cell>) => boolean> = {
  text: (cell) => typeof cell === 'string' && !cell.includes('\0'),
  bigint: (cell) => typeof cell === 'string' && /^-?\d+$/.test(cell),
  numeric: (cell) => typeof cell === 'string' && /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell),
  double: (cell) => typeof cell !== 'boolean' && Number.isFinite(Number(cell)),
  boolean: (cell) => typeof cell === 'boolean',
  date: (cell) => typeof cell === 'string' && /^\d{4}-\d\d-\d\d$/.test(cell),
  timestamp: (cell) => typeof cell === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(cell),
  json: (cell) => typeof cell === 'string' && isJson(cell),
};

/** A sentence for each thing that is wrong with a batch; a few are enough. */
export const faultsOf = ({ columns, rows, progress }: Batch): string[] => {
  const faults: string[] = [];
  const names = new Set(columns.map(({ name }) => name));
  if (names.size < columns.length) faults.push('Two columns have the same name.');
  if (progress !== null && !(progress >= 0 && progress <= 1)) faults.push(`A progress of ${progress}.`);
  for (const row of rows) {
    if (row.length !== columns.length)
      faults.push(`A row of ${row.length} cells for ${columns.length} columns.`);
    columns.forEach(({ name, type }, index) => {
      const cell = row[index] ?? null;
      if (cell !== null && !isRight[type](cell))
        faults.push(`${name} (${type}) holds ${JSON.stringify(cell)} (${typeof cell}).`);
    });
    if (faults.length > 5) break;
  }
  return faults;
};

const timePattern = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/;

/** Dates and times anywhere in a checkpoint that lie after `limit`. */
export const timesAfter = (value: unknown, limit: Date): string[] => {
  if (typeof value === 'string')
    return timePattern.test(value) && Date.parse(value) > limit.getTime() ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => timesAfter(inner, limit));
};
