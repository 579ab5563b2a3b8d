import { isDeepStrictEqual } from 'node:util';

import { toFreshetError, type ProblemCode } from '@freshet/contracts';
import { usePostgres, waitFor } from '@freshet/testing';

import { readRole } from '../names';
import { createQueryProject, type QueryProject } from './query-fixture';

/** What it tries · the query · how it ends · a part of the sentence. */
type Case = [title: string, sql: string, code: ProblemCode, sentence?: string];

// prettier-ignore
const statements: Case[] = [
  ['stacks a second statement', 'SELECT 1; DROP TABLE staff', 'sql_refused', 'one statement'],
  ['ends the transaction first', 'COMMIT; SELECT 1', 'sql_refused', 'one statement'],
  ['hides a second statement behind a comment', 'SELECT 1 /* ; */ ; -- \n COMMIT', 'sql_refused', 'one statement'],
  ['only ends the transaction', 'ROLLBACK AND CHAIN', 'sql_refused', 'Only queries'],
  ['breaks out of the wrapping query', 'SELECT 1) q; SELECT (2', 'sql_refused', 'Syntax error'],
  ['takes another role', 'SET ROLE postgres', 'sql_refused', 'Only queries'],
  ['resets the role', 'RESET SESSION AUTHORIZATION', 'sql_refused', 'Only queries'],
  ['runs a code block', `DO $$ BEGIN EXECUTE 'DROP TABLE staff'; END $$`, 'sql_refused', 'Only queries'],
  ['copies to a program', `COPY (SELECT 1) TO PROGRAM 'id'`, 'sql_refused', 'Only queries'],
  ['runs by EXPLAIN ANALYZE', 'EXPLAIN ANALYZE DELETE FROM staff', 'sql_refused', 'Only queries'],
  ['prepares a statement', 'PREPARE x AS DELETE FROM staff', 'sql_refused', 'Only queries'],
  ['opens a cursor beyond the transaction', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'sql_refused', 'Only queries'],
  ['listens', 'LISTEN everything', 'sql_refused', 'Only queries'],
  ['calls a procedure', 'CALL anything()', 'sql_refused', 'Only queries'],
  ['deletes in a WITH', 'WITH gone AS (DELETE FROM staff RETURNING *) SELECT * FROM gone', 'sql_refused', 'changes something'],
  ['deletes in a WITH deep inside', 'SELECT * FROM (SELECT (WITH x AS (UPDATE staff SET id = 0 RETURNING id) SELECT id FROM x)) t', 'sql_refused', 'changes something'],
  ['creates a table by SELECT INTO', 'SELECT * INTO stolen FROM staff', 'sql_refused', 'SELECT INTO'],
  ['locks rows', 'SELECT * FROM staff FOR UPDATE', 'sql_refused', 'lock rows'],
  ['locks rows in a subquery', 'SELECT * FROM (SELECT * FROM staff FOR SHARE SKIP LOCKED) t', 'sql_refused', 'lock rows'],
];

// prettier-ignore
const functions: Case[] = [
  ['undoes its role by set_config', `SELECT set_config('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, qualified', `SELECT pg_catalog.set_config('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, quoted', `SELECT "pg_catalog"."set_config"('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, in unicode escapes', `SELECT U&"s\\0065t_config"('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, with another escape', `SELECT U&"!0073et_config" UESCAPE '!' ('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, in capitals with comments', `SELECT /**/SET_CONFIG/**/('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, with named arguments', `SELECT set_config(setting_name => 'role', new_value => 'postgres', is_local => false)`, 'sql_refused', 'set_config'],
  ['the same, variadic', `SELECT set_config(VARIADIC ARRAY['role', 'postgres'])`, 'sql_refused', 'set_config'],
  ['the same, in FROM', `SELECT * FROM set_config('role', 'postgres', false)`, 'sql_refused', 'set_config'],
  ['the same, in ROWS FROM', `SELECT * FROM ROWS FROM (generate_series(1, 2), set_config('role', 'postgres', false))`, 'sql_refused', 'set_config'],
  ['the same, in LIMIT', `SELECT 1 LIMIT length(set_config('role', 'postgres', false))`, 'sql_refused', 'set_config'],
  ['the same, in a window', `SELECT sum(1) OVER (ORDER BY set_config('role', 'postgres', false)) FROM staff`, 'sql_refused', 'set_config'],
  ['the same, in a filter', `SELECT count(*) FILTER (WHERE set_config('role', 'postgres', false) = '') FROM staff`, 'sql_refused', 'set_config'],
  ['the same, in JSON_TABLE', `SELECT * FROM JSON_TABLE(set_config('role', 'postgres', false)::jsonb, '$' COLUMNS (a int PATH '$'))`, 'sql_refused', 'set_config'],
  ['runs SQL given as text', `SELECT query_to_xml('SELECT * FROM p_2.secret', true, true, '')`, 'sql_refused', 'query_to_xml'],
  ['runs SQL given as text by text search', `SELECT * FROM ts_stat('SELECT secret::tsvector FROM p_2.secret')`, 'sql_refused', 'ts_stat'],
  ['dumps a schema as XML', `SELECT schema_to_xml('p_2', true, true, '')`, 'sql_refused', 'schema_to_xml'],
  ['connects elsewhere', `SELECT * FROM dblink('host=127.0.0.1', 'SELECT 1') AS t (a int)`, 'sql_refused', 'dblink'],
  ['reads a file', `SELECT pg_read_file('/etc/passwd')`, 'sql_refused', 'pg_read_file'],
  ['writes a large object', `SELECT lo_from_bytea(0, 'x')`, 'sql_refused', 'lo_from_bytea'],
  ['takes an advisory lock', 'SELECT pg_advisory_lock(1)', 'sql_refused', 'pg_advisory_lock'],
  ['sleeps', 'SELECT pg_sleep(100)', 'sql_refused', 'pg_sleep'],
  ['sleeps by the notation of columns', 'SELECT (100::float8).pg_sleep', 'sql_refused', 'pg_sleep'],
  ['sleeps by the notation of columns of a table', 'SELECT t.pg_sleep FROM generate_series(100, 101) AS t', 'sql_refused', 'pg_sleep'],
  ['ends other sessions', 'SELECT pg_terminate_backend(pid) FROM generate_series(1, 100000) AS pid', 'sql_refused', 'pg_terminate_backend'],
  ['notifies', `SELECT pg_notify('freshet', 'x')`, 'sql_refused', 'pg_notify'],
  ['reads a setting', `SELECT current_setting('data_directory')`, 'sql_refused', 'current_setting'],
  ['reads a setting by the notation of columns', `SELECT ('data_directory'::text).current_setting`, 'sql_refused', 'current_setting'],
  ['moves a sequence', `SELECT nextval('anything')`, 'sql_refused', 'nextval'],
  ['reads its role', 'SELECT current_user', 'sql_refused', 'Names of roles'],
  ['reads its database', 'SELECT current_catalog', 'sql_refused', 'Names of roles'],
  ['calls an operator of another schema', 'SELECT 1 OPERATOR(public.+) 1', 'sql_refused', 'operator'],
  ['casts to the name of a table', `SELECT 'p_2.secret'::regclass`, 'sql_refused', 'regclass'],
  ['casts to the name of a table by CAST', `SELECT CAST('p_2.secret' AS pg_catalog.regclass)`, 'sql_refused', 'regclass'],
  ['casts to the name of a table by its literal', `SELECT regclass 'p_2.secret'`, 'sql_refused', 'regclass'],
  ['casts to the name of a table by a function', `SELECT regclass('p_2.secret')`, 'sql_refused', 'regclass'],
  ['casts to the name of a table by the notation of columns', `SELECT ('p_2.secret'::text).regclass`, 'sql_refused', 'regclass'],
  ['casts to names of roles, as an array', `SELECT '{postgres}'::regrole[]`, 'sql_refused', 'regrole'],
  ['reads XML with entities', `SELECT XMLPARSE(DOCUMENT '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')`, 'sql_refused', 'XML'],
];

// prettier-ignore
const tables: Case[] = [
  ['reads the catalogue', 'SELECT * FROM pg_class', 'sql_refused', 'own tables'],
  ['reads the catalogue, qualified and quoted', 'SELECT * FROM "pg_catalog"."pg_authid"', 'sql_refused', 'own tables'],
  ['reads the catalogue by TABLE', 'TABLE pg_roles', 'sql_refused', 'own tables'],
  ['reads the catalogue behind a WITH of its name', 'WITH pg_class AS (SELECT * FROM pg_class) SELECT * FROM pg_class', 'sql_refused', 'own tables'],
  ['reads the information schema', 'SELECT * FROM information_schema.tables', 'sql_refused', 'own tables'],
  ['reads temporary tables', 'SELECT * FROM pg_temp.anything', 'sql_refused', 'own tables'],
  ['reads another project by its physical name', 'SELECT * FROM p_2.secret', 'sql_refused', 'no table "p_2.secret"'],
  ['reads its own project by its physical name', 'SELECT * FROM p_1.t_0', 'sql_refused', 'no table "p_1.t_0"'],
  ['names the database too', 'SELECT * FROM postgres.p_2.secret', 'sql_refused', 'source and stream'],
  ['quotes its way to another table', 'SELECT * FROM "p_1"" UNION SELECT * FROM p_2.secret --"', 'sql_refused', 'no model'],
  ['inherits a name from a WITH out of scope', 'SELECT (WITH p AS (SELECT 1) SELECT * FROM p), (SELECT count(*) FROM p)', 'sql_refused', 'no model "p"'],
  ['samples the storage', 'SELECT * FROM staff TABLESAMPLE SYSTEM (50)', 'sql_refused', 'TABLESAMPLE'],
  ['reads where rows lie', 'SELECT ctid, xmin, tableoid FROM staff', 'sql_failed', 'ctid'],
];

// prettier-ignore
const resources: Case[] = [
  ['recurses for ever', 'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT count(*) FROM r', 'sql_timeout'],
  ['joins billions of rows', 'SELECT count(*) FROM big a CROSS JOIN big b', 'sql_too_costly', '10 million is allowed'],
  ['generates billions of rows', 'SELECT sum(n) FROM generate_series(1, 100000000000) AS n', 'sql_too_costly'],
  ['backtracks in a regular expression', `SELECT count(*) FROM big WHERE repeat(code, 200) ~ '(.*)\\1(.*)\\2(.*)\\3x'`, 'sql_timeout'],
  ['nests parentheses', `SELECT ${'('.repeat(4_000)}1${')'.repeat(4_000)}, ${'-(1'.repeat(3_000)}${')'.repeat(3_000)}`, 'sql_refused', 'nested too deeply'],
  ['nests subqueries', `SELECT ${'(SELECT '.repeat(2_000)}1${')'.repeat(2_000)}`, 'sql_refused', 'nested too deeply'],
  ['strings operators together', `SELECT 1${'+1'.repeat(20_000)}`, 'sql_refused', 'nested too deeply'],
  ['is endless', `SELECT '${'x'.repeat(200_000)}'`, 'sql_refused', 'longer than'],
];

/** Bytes beyond 32 MB, which have to be counted on the socket: rows are no measure. */
// prettier-ignore
const sizes: Case[] = [
  ['sends a large value among small ones', `SELECT CASE WHEN id = 4 THEN repeat(repeat('x', 1000), 200000) ELSE 'x' END FROM staff`, 'result_too_large', '32 MB'],
  ['sends many middling rows', 'SELECT repeat(code, 2000) FROM big', 'result_too_large'],
  ['builds an array of all there is', 'SELECT array_agg(repeat(code, 6)) FROM big', 'result_too_large'],
  ['plants a large value in an error message', `SELECT repeat(repeat('x', 1000), 50000)::int`, 'result_too_large'],
];

const postgres = usePostgres();

describe('hostile queries are refused or contained', () => {
  let project: QueryProject;

  beforeAll(async () => {
    project = await createQueryProject(postgres);
  });
  afterAll(() => project.remove());

  const outcome = async (sql: string, timeoutMs: number): Promise<{ code: string; message: string }> => {
    try {
      const { rows } = await project.run(sql, { timeoutMs });
      return { code: 'answered', message: JSON.stringify(rows).slice(0, 200) };
    } catch (error) {
      const { code, message } = toFreshetError(error);
      return { code, message };
    }
  };

  describe.each([
    ['other statements than a query', statements, 1_000],
    ['functions, operators and types', functions, 1_000],
    ["tables that aren't its own", tables, 1_000],
    ['more than its share', resources, 1_000],
    ['more than its share of memory', sizes, 30_000],
  ])('%s', (_, cases, timeoutMs) => {
    it.each(cases)(
      '%s',
      async (_title, sql, code, sentence = '') => {
        const { code: seen, message } = await outcome(sql, timeoutMs);
        expect({ code: seen, message }).toEqual({
          code,
          message: expect.stringContaining(sentence) as string,
        });
        expect(message.length).toBeLessThan(600);
        expect(message).not.toContain('of another project');
      },
      40_000,
    );
  });

  it('holds no more than the cap of a value of 1 GB in memory', async () => {
    await project.run('SELECT count(*) FROM staff');
    const before = process.memoryUsage().rss;
    await expect(
      project.run('SELECT repeat(repeat(code, 1000), 31250) FROM big WHERE n = 1', { timeoutMs: 30_000 }),
    ).rejects.toMatchObject({
      code: 'result_too_large',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  }, 40_000);

  it('leaves sessions that are idle, hold nothing and still are the reader', async () => {
    expect((await project.run('SELECT count(*) FROM staff')).rows).toEqual([['4']]);
    const left = async (): Promise<unknown[]> => {
      const { rows } = await postgres.pool.query(
        `SELECT state, usename AS role, (SELECT count(*)::int FROM pg_locks WHERE pg_locks.pid = activity.pid) AS locks
           FROM pg_stat_activity AS activity WHERE application_name = 'freshet reader'`,
      );
      return rows;
    };
    const idle = { state: 'idle', role: readRole(project.installation, '1'), locks: 0 };
    await waitFor(async () => {
      const sessions = await left();
      return sessions.length > 0 && sessions.every((session) => isDeepStrictEqual(session, idle));
    });
  });

  it.each([
    ['a word of the clock', ["today'; DROP TABLE staff; --"]],
    ['a name of a table', ['p_2.secret']],
    ['an array that is none', ['{"a']],
    ['a structure', [{ toPostgres: 'DROP', a: [1, { b: null }] }]],
  ])('takes parameters as values only: %s', async (_, params) => {
    const { rows } = await project.run('SELECT $1::text IS NOT NULL', { params });
    expect(rows).toEqual([[true]]);
  });

  it('refuses to run without the parameters that the text names', async () => {
    await expect(project.run('SELECT $2::int')).rejects.toMatchObject({ code: 'sql_refused' });
    await expect(project.run('SELECT $1000000::int')).rejects.toMatchObject({ code: 'sql_refused' });
  });
});
