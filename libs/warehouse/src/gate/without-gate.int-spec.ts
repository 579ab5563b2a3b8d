import { Client } from 'pg';

import { usePostgres } from '@freshet/testing';

import { buildRole, readRole } from '../names';
import { rolePassword } from '../roles/role-password';
import { createQueryProject, type QueryProject } from './query-fixture';

/** What must not work even if the gate let it through, as a chart's reader or as a model's build. */
const attempts: [title: string, sql: string][] = [
  ['another project', 'SELECT * FROM p_2.secret'],
  ['another project by a cast', `SELECT 'p_2.secret'::regclass, count(*) FROM p_2.secret GROUP BY 1`],
  ['another role', `SELECT set_config('role', 'postgres', false)`],
  ['another role by SET', 'SET ROLE postgres'],
  ['another session', 'SET SESSION AUTHORIZATION postgres'],
  ['passwords', 'SELECT rolpassword FROM pg_authid'],
  ['SQL as text', `SELECT query_to_xml('SELECT * FROM p_1.t_0', true, true, '')`],
  ['SQL as text by text search', `SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM p_1.t_6')`],
  ['sleep', 'SELECT pg_sleep(5)'],
  ['advisory locks', 'SELECT pg_advisory_lock(1)'],
  ['notifications', `SELECT pg_notify('x', 'y')`],
  ['large objects', `SELECT lo_from_bytea(0, 'x')`],
  ['files', `SELECT pg_read_file('/etc/passwd')`],
  ['directories', `SELECT pg_ls_dir('/')`],
  ['programs', `COPY (SELECT 1) TO PROGRAM 'id'`],
  ['files by COPY', `COPY (SELECT 1) TO '/tmp/x'`],
  ['temporary tables', 'CREATE TEMP TABLE staff AS SELECT 1'],
  ['tables elsewhere', 'CREATE TABLE public.x AS SELECT 1'],
  ['tables of another project', 'CREATE TABLE p_2.x AS SELECT 1'],
  ['schemas', 'CREATE SCHEMA mine'],
  ['extensions', 'CREATE EXTENSION dblink'],
  ['roles', 'CREATE ROLE mine'],
  ['writes to stream tables', 'UPDATE p_1.t_0 SET sessions = 0'],
  ['dropping stream tables', 'DROP TABLE p_1.t_0'],
  ['ending other sessions', 'SELECT pg_terminate_backend(1)'],
  ['what others run', 'SELECT query FROM pg_stat_activity'],
  ['an unlimited disk', `SET temp_file_limit = '-1'`],
  ['settings of the server', `ALTER SYSTEM SET work_mem = '10GB'`],
];

const postgres = usePostgres();

describe("the project's roles, without the gate, do not permit", () => {
  let project: QueryProject;
  const clients = new Map<string, Client>();

  beforeAll(async () => {
    project = await createQueryProject(postgres);
    const { connection, installation, masterKey } = project.readerOptions;
    for (const user of [readRole(installation, '1'), buildRole(installation, '1')]) {
      const client = new Client({ ...connection, user, password: rolePassword(masterKey, user) });
      await client.connect();
      // A session may undo this much, so that rights have to hold alone.
      await client.query('SET default_transaction_read_only = off');
      clients.set(user.endsWith('read') ? 'reader' : 'builder', client);
    }
  });
  afterAll(async () => {
    for (const client of clients.values()) await client.end();
    await project.remove();
  });

  describe.each(['reader', 'builder'])('as the %s', (role) => {
    it.each(attempts)('%s', async (_, sql) => {
      const run = clients.get(role)?.query({ text: sql, queryMode: 'extended' } as { text: string });
      // insufficient_privilege
      await expect(run).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('more than their limits of time, memory and disk, which come with the role', async () => {
    const settings = async (role: string): Promise<unknown> => {
      const { rows } = (await clients.get(role)?.query(
        `SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'work_mem', 'temp_file_limit', 'search_path')
          ORDER BY name`,
      )) ?? { rows: [] };
      return Object.fromEntries(
        (rows as { name: string; setting: string }[]).map(({ name, setting }) => [name, setting]),
      );
    };
    expect(await settings('reader')).toEqual({
      search_path: 'pg_catalog', statement_timeout: '60000', temp_file_limit: '2097152', work_mem: '32768',
    }); // prettier-ignore
    expect(await settings('builder')).toMatchObject({
      search_path: 'pg_catalog',
      temp_file_limit: '20971520',
    });
  });
});
