import { Client, type ClientBase } from 'pg';

import { usePostgres } from '@freshet/testing';

import { buildRole, installationId, readRole } from '../names';
import { dropProjectRoles } from './drop-project-roles';
import { hardenDatabase } from './harden-database';
import { provisionProject } from './provision-project';
import { rolePassword } from './role-password';

const masterKey = 'a master key of the roles spec';

const postgres = usePostgres();

describe('roles of a project', () => {
  const openClients: Client[] = [];
  let installation: string;
  let systemRole: string;
  let weaker: string[];

  const connect = async (user?: string, password?: string): Promise<Client> => {
    const url = new URL(postgres.url);
    if (user && password) Object.assign(url, { username: user, password });
    const client = new Client({ connectionString: url.href });
    openClients.push(client);
    await client.connect();
    return client;
  };
  const connectAs = (
    name: (installation: string, projectId: string) => string,
    projectId: string,
  ): Promise<Client> =>
    connect(name(installation, projectId), rolePassword(masterKey, name(installation, projectId)));
  const provision = (admin: ClientBase, projectId: string): Promise<void> =>
    provisionProject(admin, { installation, projectId, masterKey, systemRole });

  beforeAll(async () => {
    installation = installationId(postgres.name);
    systemRole = `f_${installation}_system`;
    const admin = await connect();
    await admin.query(`CREATE ROLE ${systemRole} LOGIN PASSWORD 'system'`);
    weaker = await hardenDatabase(admin, { keep: [systemRole] });
    await provision(admin, '1');
    await provision(admin, '2');
    const system = await connect(systemRole, 'system');
    await system.query('CREATE TABLE p_1.s_a_v1 AS SELECT 1 AS n; CREATE TABLE p_2.s_b_v1 AS SELECT 2 AS n');
  });
  afterEach(() => Promise.all(openClients.splice(0).map((client) => client.end())));
  afterAll(async () => {
    const admin = await connect();
    for (const projectId of ['1', '2', '3']) await dropProjectRoles(admin, { installation, projectId });
    await admin.query(`DROP OWNED BY ${systemRole} CASCADE; DROP ROLE ${systemRole}`);
    await admin.end();
  });

  it('leaves nothing open on a server of our own', () => expect(weaker).toEqual([]));

  it('lets the builder create tables and read what the system loaded', async () => {
    const builder = await connectAs(buildRole, '1');
    await builder.query('CREATE TABLE p_1.m_1_v1 AS SELECT n + 1 AS n FROM p_1.s_a_v1');
    const reader = await connectAs(readRole, '1');
    expect((await reader.query('SELECT n FROM p_1.m_1_v1')).rows).toEqual([{ n: 2 }]);
    const system = await connect(systemRole, 'system');
    await system.query('DROP TABLE p_1.m_1_v1');
  });

  it.each([
    [
      'write, even in a transaction it opened for that',
      'BEGIN READ WRITE; INSERT INTO p_1.s_a_v1 VALUES (5)',
    ],
    ['create a table', 'BEGIN READ WRITE; CREATE TABLE p_1.x (n int)'],
    ['create a temporary table', 'BEGIN READ WRITE; CREATE TEMP TABLE x (n int)'],
    ["read another project's tables", 'SELECT * FROM p_2.s_b_v1'],
    ['use the public schema', 'BEGIN READ WRITE; CREATE TABLE public.x (n int)'],
    [
      'become another role',
      'DO $$ BEGIN EXECUTE format($f$SET ROLE %I$f$, (SELECT rolname FROM pg_roles WHERE rolsuper LIMIT 1)); END $$',
    ],
    ['sleep', 'SELECT pg_sleep(1)'],
    ['change settings by a function', `SELECT set_config('role', 'x', true)`],
    ['take advisory locks', 'SELECT pg_advisory_lock(1)'],
    ['create large objects', 'SELECT lo_create(0)'],
    ['notify by a function', `SELECT pg_notify('a', 'b')`],
    ['run SQL given as text', `SELECT query_to_xml('select 1', true, true, '')`],
    ['lift its own limit of temporary files', `SET temp_file_limit = -1`],
  ])('does not let the reader %s', async (_, sql) => {
    const reader = await connectAs(readRole, '1');
    await expect(reader.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('does not let the builder touch another project', async () => {
    const builder = await connectAs(buildRole, '1');
    await expect(builder.query('SELECT * FROM p_2.s_b_v1')).rejects.toMatchObject({ code: '42501' });
    await expect(builder.query('CREATE TABLE p_2.x (n int)')).rejects.toMatchObject({ code: '42501' });
  });

  it('provisions many projects at once, and each again, without conflict', async () => {
    const admins = await Promise.all([connect(), connect(), connect(), connect()]);
    await Promise.all(admins.map((admin, i) => provision(admin, i < 2 ? '3' : '1')));
    const reader = await connectAs(readRole, '1');
    expect((await reader.query('SELECT n FROM p_1.s_a_v1')).rows).toEqual([{ n: 1 }]);
    const { rows } = await reader.query(`SELECT name, setting FROM pg_settings
      WHERE name IN ('default_transaction_read_only', 'search_path', 'temp_file_limit', 'TimeZone') ORDER BY lower(name)`);
    expect(rows).toEqual([
      { name: 'default_transaction_read_only', setting: 'on' },
      { name: 'search_path', setting: 'pg_catalog' },
      { name: 'temp_file_limit', setting: '2097152' },
      { name: 'TimeZone', setting: 'UTC' },
    ]);
  });

  it('takes another master key', async () => {
    const admin = await connect();
    await provisionProject(admin, { installation, projectId: '2', masterKey: 'another', systemRole });
    await expect(connectAs(readRole, '2')).rejects.toMatchObject({ code: '28P01' });
    await provision(admin, '2');
    await expect(connectAs(readRole, '2')).resolves.toBeDefined();
  });

  it('tells a server without superuser what stays open', async () => {
    const admin = await connect(systemRole, 'system');
    expect(await hardenDatabase(admin, { keep: [] })).toContain(
      'Temporary files of queries are not limited (temp_file_limit): limit them on the server.',
    );
  });
});
