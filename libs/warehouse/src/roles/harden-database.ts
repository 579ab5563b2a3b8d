/** Takes from everybody what nobody but Freshet's own logins needs in this database. */
import { escapeIdentifier, type ClientBase } from 'pg';

import { attempt, withGrantsLock } from './role-lock';

/**
 * Functions with effects outside their query, or that run SQL given as text. LIKE patterns over pg_proc.proname.
 * Sources: PostgreSQL 18 manual, 9.28 System Administration Functions, 34.4 large objects, 9.15.5 mapping to XML.
 */
const dangerous = [
  'pg\\_sleep%',
  'set\\_config',
  'lo\\_%',
  'loread',
  'lowrite',
  'pg\\_advisory%',
  'pg\\_try\\_advisory%',
  'pg\\_notify',
  'query\\_to\\_xml%',
  'table\\_to\\_xml%',
  'schema\\_to\\_xml%',
  'database\\_to\\_xml%',
  'cursor\\_to\\_xml%',
  'ts\\_stat',
  'ts\\_rewrite',
  'pg\\_cancel\\_backend',
  'pg\\_terminate\\_backend',
  'pg\\_export\\_snapshot',
  'pg\\_logical\\_emit\\_message',
  'pg\\_log\\_%',
  'pg\\_stat\\_get\\_activity',
];

export interface HardenDatabase {
  /** Logins of Freshet's own services, which keep CONNECT, TEMP and the functions. */
  keep: readonly string[];
}

/**
 * Revokes TEMP, CONNECT and dangerous functions from PUBLIC; once per database, again does no harm. `admin` must not
 * be in a transaction. Answers, in sentences, what this server did not permit: managed servers give no superuser, and
 * what is left then is the gate.
 */
export const hardenDatabase = (admin: ClientBase, { keep }: HardenDatabase): Promise<string[]> =>
  withGrantsLock(admin, async () => {
    const keepers = ['CURRENT_USER', ...keep.map(escapeIdentifier)].join(', ');
    const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name');
    const database = escapeIdentifier(rows[0]?.name ?? '');
    const weaker: string[] = [];
    const change = async (sql: string, sentence: string): Promise<void> => {
      if (!(await attempt(admin, sql))) weaker.push(sentence);
    };
    await change(
      `GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${keepers};
       REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
      'Any login of the server may connect to this database and create temporary tables in it.',
    );
    await change('REVOKE ALL ON SCHEMA public FROM PUBLIC', 'Any login may use the schema "public".');
    for (const { signature, names } of await dangerousFunctions(admin))
      await change(
        `GRANT EXECUTE ON FUNCTION ${signature} TO ${keepers}; REVOKE EXECUTE ON FUNCTION ${signature} FROM PUBLIC`,
        `Any login may run ${names}.`,
      );
    if (!(await maySetTempFileLimit(admin)))
      weaker.push('Temporary files of queries are not limited (temp_file_limit): limit them on the server.');
    return weaker;
  });

/** One entry a function name, with all its overloads. */
const dangerousFunctions = async (admin: ClientBase): Promise<{ signature: string; names: string }[]> => {
  const { rows } = await admin.query<{ signature: string; names: string }>(
    `SELECT string_agg(oid::regprocedure::text, ', ' ORDER BY oid) AS signature, proname || '()' AS names
       FROM pg_catalog.pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND proname LIKE ANY ($1)
        AND pg_catalog.has_function_privilege('public', oid, 'EXECUTE')
      GROUP BY proname ORDER BY proname`,
    [dangerous],
  );
  return rows;
};

const maySetTempFileLimit = async (admin: ClientBase): Promise<boolean> => {
  const { rows } = await admin.query<{ allowed: boolean }>(
    `SELECT pg_catalog.has_parameter_privilege('temp_file_limit', 'SET') AS allowed`,
  );
  return rows[0]?.allowed ?? false;
};
