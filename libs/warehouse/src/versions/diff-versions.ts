/** How any two versions of a model differ: rows, columns, and some rows to look at. */
import { FreshetError, type VersionDiff } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { cancelledBy } from './cancel';
import { columnDrift } from './column-drift';
import { bothSides, contentPairing, keyPairing, type Pairing } from './diff-pairing';
import { inReadTransaction } from './read-transaction';
import { sampleRows } from './sample-rows';
import { throwSqlError } from './sql-errors';
import { qualifiedVersion, type VersionColumn } from './version';
import { pairingKey, type VersionSide } from './pairing-key';

export interface DiffRequest {
  projectId: string;
  modelId: string;
  /** Null: there is nothing to compare with, so that all rows are added. */
  from: { version: number; columns: readonly VersionColumn[] } | null;
  to: { version: number; columns: readonly VersionColumn[] };
  /** Columns to pair rows by, should both versions have a unique index on them; else those of any such index. */
  key?: readonly string[];
  /** Rows of each kind to show. */
  sample?: number;
  /** For each statement, in milliseconds. */
  statementTimeoutMs?: number;
  /** Aborting cancels the statement in the database. */
  signal?: AbortSignal;
}

const maxSample = 20;

/**
 * Rows are compared by the columns that both versions have, by what a person would see of them; a column that was retyped by its text.
 * Works under any login that may read both, inside a transaction as well, whose settings it leaves as they were. Throws `not_found` when a
 * version is no longer kept, `sql_timeout`, `sql_too_costly`, `cancelled`, `unavailable`. Should the signal have aborted, the connection
 * must be closed rather than given back: a late cancel request may still be under way.
 */
export const diffVersions = async (client: ClientBase, request: DiffRequest): Promise<VersionDiff> => {
  const { statementTimeoutMs = 60_000, signal } = request;
  try {
    return await cancelledBy(signal, client, () =>
      inReadTransaction(client, statementTimeoutMs, () => diff(client, request)),
    );
  } catch (error) {
    if ((error as { code?: string }).code === '42P01')
      throw new FreshetError('not_found', 'One of these versions is no longer kept.', { cause: error });
    return throwSqlError(error, { timeoutMs: statementTimeoutMs, ...(signal && { signal }) });
  }
};

const diff = async (client: ClientBase, request: DiffRequest): Promise<VersionDiff> => {
  const { projectId, modelId, from, to, key: wanted, sample = maxSample, signal } = request;
  const sideOf = ({ version, columns }: DiffRequest['to']): VersionSide => ({
    table: qualifiedVersion({ projectId, modelId, version }),
    columns,
  });
  const limit = Math.min(sample, maxSample);
  const newer = sideOf(to);
  if (!from) return firstVersion(client, to.version, newer, limit);
  const older = sideOf(from);
  const both = bothSides(older, newer);
  const key = await pairingKey(client, [older, newer], wanted);
  const pairing: Pairing = key.length > 0 ? keyPairing(both, key) : contentPairing(both);
  const counts = await pairing.count(client);
  signal?.throwIfAborted();
  const columns = await columnDrift(client, older, newer, counts.changedRows);
  signal?.throwIfAborted();
  const seen = [...key, ...columns.filter(({ changedRows }) => changedRows).map(({ name }) => name)];
  const rowsOf = async (text: string | null): Promise<Awaited<ReturnType<typeof sampleRows>>['rows']> =>
    text === null || limit === 0 ? [] : (await sampleRows(client, text, { limit, first: seen })).rows;
  const texts = await pairing.samples(client, counts, limit);
  const [before, after] = [await rowsOf(texts.before), await rowsOf(texts.after)];
  return {
    from: from.version,
    to: to.version,
    rowsBefore: counts.rowsBefore,
    rowsAfter: counts.rowsAfter,
    rowsAdded: counts.rowsAdded,
    rowsRemoved: counts.rowsRemoved,
    rowsChanged: counts.rowsChanged,
    key,
    columns,
    samples: {
      added: await rowsOf(texts.added),
      removed: await rowsOf(texts.removed),
      changed: before.flatMap((row, at) => {
        const now = after[at];
        return now ? [{ before: row, after: now }] : [];
      }),
    },
  };
};

const firstVersion = async (
  client: ClientBase,
  version: number,
  newer: VersionSide,
  limit: number,
): Promise<VersionDiff> => {
  const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${newer.table}`);
  const count = Number(rows[0]?.n ?? 0);
  const { rows: added } = await sampleRows(client, `SELECT * FROM ${newer.table}`, { limit });
  return {
    from: null,
    to: version,
    rowsBefore: 0,
    rowsAfter: count,
    rowsAdded: count,
    rowsRemoved: 0,
    rowsChanged: 0,
    key: [],
    columns: await columnDrift(client, null, newer, new Map()),
    samples: { added, removed: [], changed: [] },
  };
};
