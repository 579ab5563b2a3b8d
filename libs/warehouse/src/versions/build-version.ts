/** Builds one version of a model beside the published one: the writing half of a refresh, before guards and publishing (spec RF1, RF2). */
import { FreshetError, type ModelIndex } from '@freshet/contracts';
import type { Client } from 'pg';
import { modelTable, projectSchema } from '../names';
import { columnList, escapeLiteral } from '../sql-names';
import { cancelledBy } from './cancel';
import { contentFrom, type ContentRequest, type VersionDifference } from './compare-versions';
import { hashContent, type Content } from './content-hash';
import { dropTable, tableSize } from './physical-tables';
import { oneStatement } from './one-statement';
import { preflightColumns } from './preflight';
import type { SnapshotId } from './snapshot';
import { throwSqlError, type StatementContext, type ToUserPosition } from './sql-errors';
import { statementTime } from './statement-time';
import { tableColumns } from './table-columns';
import { qualifiedVersion, type BuiltVersion, type VersionColumn, type VersionRef } from './version';

export interface ComparedVersion extends BuiltVersion {
  /** Against `base`; null without one, or when only `compareVersions` can tell, as when the columns are others. */
  difference: VersionDifference | null;
}

export interface BuildRequest extends VersionRef {
  /** A connection of `createBuilders`, used by this build alone. */
  builder: Client;
  /** Of `exportSnapshot`, whose transaction is still open. */
  snapshotId: SnapshotId;
  /** The bound query: one SELECT with physical names, no parameters, no terminator. */
  text: string;
  /** `BoundQuery.toUserPosition`, so that errors point into the text the person wrote. */
  toUserPosition?: ToUserPosition;
  indexes: readonly ModelIndex[];
  /** A version to compare with, as a rule the published one: the difference is told, and the fingerprint found by it. */
  base?: ContentRequest['base'] | null;
  /** Places of columns by which the query groups (`ParsedQuery.groupKey`): they make a comparison with `base` cheaper. */
  groupKey?: readonly number[];
  /** For each statement, in milliseconds. A lower limit of the project's build login holds all the same. */
  statementTimeoutMs: number;
  /** Aborting cancels the statement in the database. */
  signal?: AbortSignal;
  /** Looks at the columns before any work, e.g. at the schema policy; what it throws ends the build. */
  onColumns?: (columns: VersionColumn[]) => void | Promise<void>;
  /** The snapshot was imported: the exporting transaction should end now. */
  onSnapshotTaken?: () => void | Promise<void>;
}

/**
 * Preflight, CREATE TABLE AS in the imported snapshot, indexes, VACUUM (FREEZE, ANALYZE) as far as it goes, and the fingerprint. Throws
 * `sql_failed`, `sql_timeout`, `sql_too_costly`, `cancelled`, `unavailable`, and what the callbacks throw; nothing is left behind then,
 * unless the connection broke: such tables are found by `listVersionTables`.
 */
export const buildVersion = async (request: BuildRequest): Promise<ComparedVersion> => {
  const { builder, signal, statementTimeoutMs: timeoutMs, toUserPosition } = request;
  const context: StatementContext = {
    timeoutMs,
    ...(signal && { signal }),
    ...(toUserPosition && { toUserPosition }),
  };
  try {
    return await cancelledBy(signal, builder, () => build(request, context));
  } catch (error) {
    await removeLeftovers(request);
    return throwSqlError(error, context);
  }
};

const build = async (request: BuildRequest, context: StatementContext): Promise<ComparedVersion> => {
  const { builder, signal } = request;
  const table = qualifiedVersion(request);
  const time = await statementTime(builder, request.statementTimeoutMs);
  await builder.query(`SET statement_timeout = ${time}`);
  const rowCount = await createTable(request, table, context);
  for (const index of request.indexes) {
    signal?.throwIfAborted();
    await createIndex(builder, table, index);
  }
  signal?.throwIfAborted();
  await vacuum(builder, table, signal);
  const columns = await tableColumns(builder, table);
  const content = await readContent(request, { columns, rowCount });
  signal?.throwIfAborted();
  return {
    columns,
    ...content,
    bytes: await tableSize(
      builder,
      projectSchema(request.projectId),
      modelTable(request.modelId, request.version),
    ),
  };
};

const readContent = async (
  { builder, projectId, modelId, version, base, groupKey = [] }: BuildRequest,
  { columns, rowCount }: { columns: VersionColumn[]; rowCount: number },
): Promise<Content & { difference: VersionDifference | null }> => {
  const next = { version, columns, rowCount };
  const groupedBy = groupKey.flatMap((place) => columns[place]?.name ?? []);
  const found = base
    ? await contentFrom(builder, { projectId, modelId, base, next, groupedBy }).catch(unlessGone)
    : null;
  if (found) return found;
  const table = qualifiedVersion({ projectId, modelId, version });
  return { ...(await hashContent(builder, table, columns)), difference: null };
};

/** The base may have been retired and swept meanwhile; then there is nothing to compare with. */
const unlessGone = (error: unknown): null => {
  if ((error as { code?: string }).code === '42P01') return null;
  throw error;
};

/** Two statements read the snapshot, so both are in one transaction; it ends before indexes are built, to hold back VACUUM no longer. */
const createTable = async (
  request: BuildRequest,
  table: string,
  context: StatementContext,
): Promise<number> => {
  const { builder, text, signal } = request;
  await builder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  // VACUUM takes rows for visible to all only once their commit is on disk, so this commit has to wait for that.
  await builder.query(
    `SET TRANSACTION SNAPSHOT ${escapeLiteral(request.snapshotId)}; SET LOCAL synchronous_commit = on`,
  );
  await request.onSnapshotTaken?.();
  const columns = await preflightColumns(builder, text, context);
  await request.onColumns?.(columns);
  signal?.throwIfAborted();
  const create = `CREATE TABLE ${table} AS `;
  const { rowCount } = await builder
    .query(oneStatement(`${create}${text}`))
    .catch((error: unknown) => throwSqlError(error, { ...context, offset: create.length }));
  signal?.throwIfAborted();
  await builder.query('COMMIT');
  return rowCount ?? 0;
};

const createIndex = async (
  builder: Client,
  table: string,
  { columns, unique }: ModelIndex,
): Promise<void> => {
  try {
    await builder.query(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ON ${table} (${columnList(columns)})`);
  } catch (error) {
    const { code, message, detail } = error as { code?: string; message?: string; detail?: string };
    const names = columns.map((name) => `"${name}"`).join(', ');
    if (code === '23505') {
      throw new FreshetError(
        'guard_failed',
        `The index on ${names} is to be unique, but the result has duplicates. ${detail ?? ''}`.trim(),
        { cause: error },
      );
    }
    if (code === '42703') {
      throw new FreshetError(
        'sql_failed',
        `An index names a column that the query does not give: ${message ?? names}.`,
        { cause: error },
      );
    }
    throw error;
  }
};

/** Best effort: under an older snapshot it freezes nothing, which only makes index-only scans slower until it is repeated. */
const vacuum = async (builder: Client, table: string, signal: AbortSignal | undefined): Promise<void> => {
  try {
    await builder.query(`VACUUM (FREEZE, ANALYZE, SKIP_DATABASE_STATS, BUFFER_USAGE_LIMIT 0) ${table}`);
  } catch (error) {
    if (signal?.aborted || builder.getTransactionStatus() !== 'I') throw error;
  }
};

/** Never hides the error that made it necessary. Tried again, as a late cancel request may hit the clean-up itself. */
const removeLeftovers = async ({ builder, projectId, modelId, version }: BuildRequest): Promise<void> => {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      if (builder.getTransactionStatus() !== 'I') await builder.query('ROLLBACK');
      if (await dropTable(builder, projectSchema(projectId), modelTable(modelId, version))) return;
    } catch {
      // When the connection is gone PostgreSQL rolls back by itself, and a table that was committed is swept later.
    }
  }
};
