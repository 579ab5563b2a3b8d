/** The columns that a query would give, without running it. */
import type { Client } from 'pg';

import type { BoundQuery } from '../binding/bound-query';
import { queryFailure } from './query-failure';
import type { ResultColumn } from './reader-types';
import type { ResultTypes } from './result-types';
import { runBatch } from './statement-batch';

const prefix = 'SELECT * FROM (\n';

/** Runs `before`, which begins a transaction, plans the query in it, and leaves it open. Throws as queryFailure. */
export const describeQuery = async (
  client: Client,
  bound: BoundQuery,
  types: ResultTypes,
  { before, params }: { before: readonly string[]; params: readonly unknown[] },
): Promise<ResultColumn[]> => {
  try {
    const asked = { text: `${prefix}${bound.text}) AS q LIMIT 0`, values: params, maxRows: 0 };
    const { fields } = await runBatch(client, { before, asked });
    const names = await types.of(client, fields);
    return fields.map(({ name }, i) => ({ name, type: names[i]?.name ?? 'unknown' }));
  } catch (error) {
    throw queryFailure(error, bound, prefix.length);
  }
};
