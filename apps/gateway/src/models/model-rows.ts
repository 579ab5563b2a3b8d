/** The rows of one version of a model: to look through, search, sort and page. */
import { defaults, FreshetError, type Column, type ModelRows } from '@freshet/contracts';
import { qualifiedVersion, type BoundQuery, type Readers, type VersionRef } from '@freshet/warehouse';
import pg from 'pg';
import { cellsOf } from './cells';

export interface RowsQuery {
  limit: number;
  after?: string | undefined;
  search?: string | undefined;
  /** A column, or `-column` for descending order. */
  sort?: string | undefined;
}

/**
 * Versions never change, so a page is found by counting: the cursor is `<version>.<rows before>`, and following pages stay
 * on the version of the first. Throws `invalid_input` for an unknown column or a cursor of another list.
 */
export async function readModelRows(
  readers: Readers,
  version: VersionRef & { columns: Column[] },
  query: RowsQuery,
): Promise<ModelRows> {
  const offset = offsetOf(query.after, version.version);
  const params = query.search ? [`%${query.search.replace(/[\\%_]/g, '\\$&')}%`] : [];
  const result = await readers.query(version.projectId, boundRows(version, query, offset), {
    params,
    maxRows: query.limit + 1,
    maxBytes: defaults.chart.bytes,
    timeoutMs: defaults.statementTimeout.chart,
  });
  const items = cellsOf(result.rows.slice(0, query.limit));
  const more = result.rows.length > query.limit;
  return {
    columns: result.columns,
    items,
    nextCursor: more ? `${version.version}.${offset + query.limit}` : null,
    version: version.version,
  };
}

/** The version that a cursor belongs to. */
export const versionOfCursor = (after: string | undefined): number | null => {
  const version = /^(\d{1,9})\.\d{1,12}$/.exec(after ?? '')?.[1];
  return version === undefined ? null : Number(version);
};

function boundRows(
  version: VersionRef & { columns: Column[] },
  { limit, search, sort }: RowsQuery,
  offset: number,
): BoundQuery {
  const searched = version.columns.map(({ name }) => `${pg.escapeIdentifier(name)}::text ILIKE $1`);
  const where = search ? `WHERE ${searched.join(' OR ') || 'false'}` : '';
  // Rows that are equal in the column keep the order in which they lie.
  const order = [...(sort ? [sortTerm(sort, version.columns)] : []), 'ctid'].join(', ');
  return {
    text: `SELECT * FROM ${qualifiedVersion(version)} ${where} ORDER BY ${order} LIMIT ${limit + 1} OFFSET ${offset}\n`,
    streams: [],
    models: [version.modelId],
    parameterCount: search ? 1 : 0,
    usesClock: false,
    toUserPosition: () => undefined,
  };
}

function sortTerm(sort: string, columns: readonly Column[]): string {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  if (!columns.some((column) => column.name === name))
    throw new FreshetError('invalid_input', `The model has no column ${name} to sort by.`, {
      errors: [{ path: 'sort', message: 'Name a column of the model.' }],
    });
  return `${pg.escapeIdentifier(name)} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS LAST'}`;
}

function offsetOf(after: string | undefined, version: number): number {
  if (!after) return 0;
  const [of, offset] = after.split('.');
  if (versionOfCursor(after) !== null && Number(of) === version) return Number(offset);
  throw new FreshetError('invalid_input', '`after` takes the `nextCursor` of the page before.', {
    errors: [{ path: 'after', message: 'Give the nextCursor of the page before.' }],
  });
}
