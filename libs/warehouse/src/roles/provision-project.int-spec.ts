import { usePostgres } from '@freshet/testing';
import { Client } from 'pg';
import { buildRole, installationId, readRole, viewRole } from '../names';
import { moveStableView } from '../versions/stable-views';
import { dropProjectRoles } from './drop-project-roles';
import { provisionExistingProjects, provisionProject, type ProjectLimits } from './provision-project';
import { rolePassword } from './role-password';

const masterKey = 'a master key of the provisioning spec';
const postgres = usePostgres();

describe('provisioning projects', () => {
  let installation: string;
  let systemRole: string;

  const as = async <T>(user: string, password: string, work: (client: Client) => Promise<T>): Promise<T> => {
    const url = Object.assign(new URL(postgres.url), { username: user, password });
    const client = new Client({ connectionString: url.href });
    await client.connect();
    return work(client).finally(() => client.end());
  };
  const asAdmin = <T>(work: (client: Client) => Promise<T>): Promise<T> => as('postgres', '', work);
  const provision = (projectId: string, limits?: ProjectLimits): Promise<void> =>
    asAdmin((admin) =>
      provisionProject(admin, { installation, projectId, masterKey, systemRole, ...(limits && { limits }) }),
    );
  const settings = (role: string): Promise<Record<string, string>> =>
    as(role, rolePassword(masterKey, role), async (client) => {
      const { rows } = await client.query<{ name: string; value: string }>(
        `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name IN ('statement_timeout', 'temp_file_limit', 'work_mem')`,
      );
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    });

  beforeAll(async () => {
    installation = installationId(postgres.name);
    systemRole = `f_${installation}_system`;
    await asAdmin((admin) => admin.query(`CREATE ROLE ${systemRole} LOGIN PASSWORD 'system'`));
  });
  afterAll(() =>
    asAdmin(async (admin) => {
      for (const projectId of ['1', '2']) await dropProjectRoles(admin, { installation, projectId });
      await admin.query(`DROP OWNED BY ${systemRole} CASCADE; DROP ROLE ${systemRole}`);
    }),
  );

  it('limits what a statement may take, as everywhere or as wished for the project', async () => {
    await provision('1', {
      build: { statementTimeoutMs: 1_000, workMemMb: 8, tempFileMb: 64 },
      read: { workMemMb: 1 },
    });
    expect(await settings(buildRole(installation, '1'))).toEqual({
      statement_timeout: '1s',
      work_mem: '8MB',
      temp_file_limit: '64MB',
    });
    expect(await settings(readRole(installation, '1'))).toEqual({
      statement_timeout: '1min',
      work_mem: '1MB',
      temp_file_limit: '2GB',
    });
    await provision('1');
    expect(await settings(buildRole(installation, '1'))).toEqual({
      statement_timeout: '15min',
      work_mem: '128MB',
      temp_file_limit: '20GB',
    });
  });

  it('stops a statement that needs more disk than its project may take', async () => {
    await provision('1', { build: { workMemMb: 1, tempFileMb: 1 } });
    const role = buildRole(installation, '1');
    await expect(
      as(role, rolePassword(masterKey, role), (client) =>
        client.query('SELECT i FROM generate_series(1, 500000) i ORDER BY i DESC'),
      ),
    ).rejects.toMatchObject({ code: '53400' });
  });

  it('gives every project there is what this release gives', async () => {
    await provision('1');
    await provision('2');
    await asAdmin((admin) => admin.query('CREATE SCHEMA p_9; DROP SCHEMA pub_1'));
    const provisioned = await asAdmin((admin) =>
      provisionExistingProjects(admin, {
        installation,
        masterKey,
        systemRole,
        limitsOf: (projectId) => (projectId === '2' ? { read: { workMemMb: 3 } } : undefined),
      }),
    );
    expect(provisioned).toEqual(['1', '2']);
    expect(await settings(readRole(installation, '1'))).toMatchObject({ work_mem: '32MB' });
    expect(await settings(readRole(installation, '2'))).toMatchObject({ work_mem: '3MB' });
    const { rowCount } = await postgres.pool.query(`SELECT FROM pg_namespace WHERE nspname = 'pub_1'`);
    expect(rowCount).toBe(1);
  });

  it("lets the system's login make views of what builders built, and the group's members read them", async () => {
    await provision('1');
    const builder = buildRole(installation, '1');
    await as(builder, rolePassword(masterKey, builder), (client) =>
      client.query('CREATE TABLE p_1.m_5_v1 AS SELECT 1 AS a'),
    );
    await as(systemRole, 'system', (client) =>
      moveStableView(client, { projectId: '1', modelId: '5', version: 1, name: 'sales' }),
    );
    await asAdmin(async (admin) => {
      await admin.query(`SET ROLE ${viewRole(installation, '1')}`);
      expect((await admin.query('SELECT * FROM pub_1.sales')).rows).toEqual([{ a: 1 }]);
      await expect(admin.query('SELECT * FROM p_1.m_5_v1')).rejects.toMatchObject({ code: '42501' });
    });
  });
});
