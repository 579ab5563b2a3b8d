/** What lies in a project's schema: lists it, measures it and drops what nobody needs. Which those are is the caller's to know. */
import type { ClientBase } from 'pg';
import { projectSchema } from '../names';
import { escapeIdentifier } from '../sql-names';
import { withShortLock } from '../short-lock';

export interface VersionTable {
  table: string;
  modelId: string;
  version: number;
  bytes: number;
}

export interface StreamTable {
  /** As `streamTable(streamId, generation)`; the stream's id can't be read from it. */
  table: string;
  generation: number;
  bytes: number;
}

/** Every version of the project that exists, whether or not a model knows it. */
export const listVersionTables = async (client: ClientBase, projectId: string): Promise<VersionTable[]> => {
  const tables = await tablesLike(client, projectId, /^m_(.+)_v(\d+)$/);
  return tables.map(({ table, match, bytes }) => ({
    table,
    modelId: match[1] ?? '',
    version: Number(match[2]),
    bytes,
  }));
};

/** Every generation of every stream of the project that exists. */
export const listStreamTables = async (client: ClientBase, projectId: string): Promise<StreamTable[]> => {
  const tables = await tablesLike(client, projectId, /^s_[0-9a-f]+_v(\d+)$/);
  return tables.map(({ table, match, bytes }) => ({ table, generation: Number(match[1]), bytes }));
};

/** `dependent_objects_still_exist`: a view names the table. */
const hasDependents = '2BP01';

/**
 * Drops a table, waiting at most 50 ms for it, so that nobody queues behind; false when it is in use, also by a view: try again later.
 * True also when it was gone already.
 */
export const dropTable = (client: ClientBase, schema: string, table: string): Promise<boolean> =>
  withShortLock(client, `DROP TABLE IF EXISTS ${escapeIdentifier(schema)}.${escapeIdentifier(table)}`).catch(
    (error: unknown) => {
      if ((error as { code?: string }).code === hasDependents) return false;
      throw error;
    },
  );

/** Table, TOAST and indexes, in bytes; 0 when there is no such table. */
export const tableSize = async (client: ClientBase, schema: string, table: string): Promise<number> => {
  const { rows } = await client.query<{ bytes: string | null }>(
    'SELECT pg_total_relation_size(to_regclass($1)) AS bytes',
    [`${escapeIdentifier(schema)}.${escapeIdentifier(table)}`],
  );
  return Number(rows[0]?.bytes ?? 0);
};

const tablesLike = async (
  client: ClientBase,
  projectId: string,
  pattern: RegExp,
): Promise<{ table: string; match: RegExpExecArray; bytes: number }[]> => {
  const { rows } = await client.query<{ table: string; bytes: string | null }>(
    `SELECT c.relname AS table, pg_total_relation_size(c.oid) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname`,
    [projectSchema(projectId)],
  );
  return rows.flatMap(({ table, bytes }) => {
    const match = pattern.exec(table);
    return match ? [{ table, match, bytes: Number(bytes ?? 0) }] : [];
  });
};
