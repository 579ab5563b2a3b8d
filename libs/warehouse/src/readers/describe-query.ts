/** The columns that a query would give, without running it. */
import type { ClientBase } from 'pg';

import type { BoundQuery } from '../binding/bound-query';
import { extendedQuery } from './extended-query';
import { queryFailure } from './query-failure';
import type { ResultColumn } from './reader-types';
import type { ResultTypes } from './result-types';

const prefix = 'SELECT * FROM (\n';

/** Plans the query as `client`, in whatever transaction it is in. Throws as queryFailure. */
export const describeQuery = async (
  client: ClientBase,
  bound: BoundQuery,
  types: ResultTypes,
  params: readonly unknown[] = [],
): Promise<ResultColumn[]> => {
  try {
    const { fields } = await client.query(extendedQuery(`${prefix}${bound.text}) AS q LIMIT 0`, params));
    const names = await types.of(client, fields);
    return fields.map(({ name }, i) => ({ name, type: names[i]?.name ?? 'unknown' }));
  } catch (error) {
    throw queryFailure(error, bound, prefix.length);
  }
};
