/** Finds files that a crash of PostgreSQL left behind: of tables whose creation was never committed, so that nothing names them. */
import type { ClientBase } from 'pg';

export interface OrphanFile {
  /** Below the server's data directory; a large table has more segments, `<path>.1` and so on, and `_fsm` and `_vm`. */
  path: string;
  /** Of all of them. */
  bytes: number;
  modifiedAt: Date;
}

export interface OrphanFiles {
  /** Null when this login may not look. */
  files: OrphanFile[] | null;
  /** Why it may not, and what would permit it. */
  reason: string | null;
}

/**
 * Looks through this database's own folder, in the default tablespace. It only reports: a file that is wrongly deleted is lost data, and what
 * is right can't be known for sure while the server runs, so that an operator should stop it, or at least look at the list twice. Never among
 * them is a table that is being built: its file is younger than the transaction that builds it. Nor are those of temporary tables, nor the
 * empty ones that dropped tables leave until the next checkpoint.
 */
export const findOrphanFiles = async (
  client: ClientBase,
  { olderThanMs = 600_000 }: { olderThanMs?: number } = {},
): Promise<OrphanFiles> => {
  const { rows: permitted } = await client.query<{ ok: boolean }>(
    `SELECT has_function_privilege('pg_catalog.pg_ls_dir(text, boolean, boolean)', 'EXECUTE')
        AND has_function_privilege('pg_catalog.pg_stat_file(text, boolean)', 'EXECUTE')
        AND pg_has_role('pg_read_all_stats', 'USAGE') AS ok`,
  );
  if (!permitted[0]?.ok) {
    const reason =
      'This login may not list the files of the server: it takes a superuser, or EXECUTE on pg_ls_dir and pg_stat_file and membership in pg_read_all_stats.';
    return { files: null, reason };
  }
  const { rows } = await client.query<{ path: string; bytes: string; modifiedAt: Date }>(orphans, [
    olderThanMs / 1_000,
  ]);
  return { files: rows.map((row) => ({ ...row, bytes: Number(row.bytes) })), reason: null };
};

/**
 * A file of a transaction that is still open is younger than it, however long it has run and wherever its files have stopped growing. Times of
 * files are whole seconds here.
 */
const orphans = /* sql */ `
  WITH folder AS (SELECT 'base/' || oid AS path FROM pg_catalog.pg_database WHERE datname = current_database()),
  newest AS (
    SELECT least(
      now() - make_interval(secs => $1),
      (SELECT min(xact_start) FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()),
      (SELECT min(prepared) FROM pg_catalog.pg_prepared_xacts WHERE database = current_database())
    ) AS at),
  node AS (
    SELECT substring(name FROM '^[0-9]+')::oid AS number, sum(size) AS bytes, max(modification) AS modified
    FROM folder, pg_catalog.pg_ls_dir(folder.path, true, false) AS name,
      LATERAL pg_catalog.pg_stat_file(folder.path || '/' || name, true)
    WHERE name ~ '^[0-9]+(_(fsm|vm|init))?([.][0-9]+)?$' AND size IS NOT NULL
    GROUP BY 1)
  SELECT folder.path || '/' || number AS path, bytes::text, modified AS "modifiedAt"
  FROM folder, newest, node
  WHERE bytes > 0 AND modified + interval '1 second' < newest.at AND pg_catalog.pg_filenode_relation(0, number) IS NULL
  ORDER BY bytes DESC, number`;
