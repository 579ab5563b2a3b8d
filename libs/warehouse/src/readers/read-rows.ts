/** Makes values of the texts that arrived. */
import { FreshetError } from '@freshet/contracts';

import { structureOf } from './count-values';
import type { FetchedRows } from './fetch-rows';
import type { QueryResult } from './reader-types';
import type { ResultType } from './result-types';

/** Values within JSON and arrays that one result may have. */
const maxValues = 1_000_000;
/** JSON of more levels stays text: nobody could write it out as JSON again. */
const maxDepth = 500;
/** Shorter ones are what they seem. */
const short = 500;

/** Throws `result_too_large`. */
export const readRows = (
  { fields, rows, truncated }: FetchedRows,
  types: readonly ResultType[],
): QueryResult => {
  let values = 0;
  const read = (text: string, type: ResultType | undefined): unknown => {
    if (!type?.isStructured || text.length < short) return type?.decode(text);
    const structure = structureOf(text);
    values += structure.values;
    if (values > maxValues) throw tooMany();
    return structure.depth > maxDepth ? text : type.decode(text);
  };
  return {
    columns: fields.map(({ name }, i) => ({ name, type: types[i]?.name ?? 'unknown' })),
    rows: rows.map((row) => row.map((text, i) => (text === null ? null : read(text, types[i])))),
    truncated,
  };
};

const tooMany = (): FreshetError =>
  new FreshetError(
    'result_too_large',
    'The result has more than a million values in its lists and JSON. Unfold them into rows, or aggregate.',
  );
