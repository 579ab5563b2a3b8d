import { Signal, usePostgres } from '@freshet/testing';
import pg from 'pg';
import { controlRoles, loginPassword } from './access/grant-access';
import { tenantTables } from './access/tables';
import { ControlPlane } from './control-plane';
import { DataSource, Organization, Project } from './entities';
import { migrate, migrateDown, prepareDatabase } from './migrations/migrate';
import { loadCascadeState } from './queries/load-cascade-state';

const masterKey = 'a master key for tests, long enough to pass';

describe('the control plane', () => {
  const postgres = usePostgres();
  let plane: ControlPlane;
  let installation: string;
  const organizations: string[] = [];

  beforeAll(async () => {
    installation = postgres.name.slice(-8);
    await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey });
    plane = await ControlPlane.open({ databaseUrl: postgres.url, installation, masterKey, poolSize: 3 });
    for (const name of ['acme', 'globex']) {
      const { rows } = await postgres.pool.query(
        'insert into app.organization (name, slug) values ($1, $1) returning id',
        [name],
      );
      organizations.push(rows[0].id);
    }
  });
  afterAll(() => plane.close());

  it('shows an organization its own rows only, whatever the query asks for', async () => {
    const [acme, globex] = organizations as [string, string];
    await plane.withTenant(acme, async (em) => {
      em.create(Project, { organizationId: acme, name: 'Growth', slug: 'growth' });
    });
    const seen = await plane.withTenant(globex, async (em, sql) => ({
      projects: await em.find(Project, {}),
      organizations: (await em.find(Organization, {})).map((each) => each.name),
      raw: await sql.rows('select * from app.project'),
    }));
    expect(seen).toEqual({ projects: [], organizations: ['globex'], raw: [] });
  });

  it('refuses to write a row for another organization', async () => {
    const [acme, globex] = organizations as [string, string];
    const foreign = plane.withTenant(globex, async (em) => {
      em.create(Project, { organizationId: acme, name: 'Stolen', slug: 'stolen' });
    });
    await expect(foreign).rejects.toThrow(/row-level security/);
  });

  it('keeps an organization from one unit of work from reaching the next one on the same connection', async () => {
    const [acme] = organizations as [string];
    await plane.withTenant(acme, async () => undefined);
    await expect(plane.beforeTenant((sql) => sql.rows('select * from app.project'))).resolves.toEqual([]);
  });

  it('plans a large statement once for each connection, and shows each organization its own rows by it', async () => {
    const small = await ControlPlane.open({
      databaseUrl: postgres.url,
      installation,
      masterKey,
      poolSize: 1,
    });
    const [acme, globex] = organizations as [string, string];
    const projectId = await small.withTenant(acme, async (em) => {
      const project = em.create(Project, { organizationId: acme, name: 'Planned', slug: 'planned' });
      await em.flush();
      const source = { type: 'file', name: 'Deals', slug: 'deals', config: {} };
      em.create(DataSource, { organizationId: acme, projectId: project.id, ...source });
      return project.id;
    });
    const see = (organization: string): Promise<number> =>
      small.withTenant(
        organization,
        async (_, sql) => (await loadCascadeState(sql, [projectId])).sources.length,
      );
    const seen = [await see(acme), await see(globex), await see(acme)];
    const ofPlans = 'select from pg_prepared_statements';
    const plans = await small.withTenant(acme, (_, sql) => sql.rows(ofPlans));
    for (let time = 0; time < 3; time++) await loadCascadeState(small.system, [projectId]);
    const systemPlans = await small.system.rows(ofPlans);
    await small.close();
    expect([seen, plans.length, systemPlans.length]).toEqual([[1, 0, 1], 1, 1]);
  });

  it('tells a unit of work that was ended to free another that it may be tried again', async () => {
    const [acme] = organizations as [string];
    const locked = [new Signal<void>(), new Signal<void>()] as const;
    const lock = (own: 0 | 1, other: 0 | 1) =>
      plane.withTenant(acme, async (_, sql) => {
        await sql.rows('select pg_advisory_xact_lock($1)', [own]);
        locked[own].fire();
        await locked[other].next();
        await sql.rows('select pg_advisory_xact_lock($1)', [other]);
      });
    const outcomes = await Promise.allSettled([lock(0, 1), lock(1, 0)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'unavailable', message: expect.stringContaining('Try again') },
    });
  });

  it('reads and writes entities with their JSON and exact ids', async () => {
    const [acme] = organizations as [string];
    const id = await plane.withTenant(acme, async (em) => {
      const project = await em.findOneOrFail(Project, { slug: 'growth' });
      const source = em.create(DataSource, {
        organizationId: acme,
        projectId: project.id,
        type: 'file',
        name: 'Stocks',
        slug: 'stocks',
        config: { url: 'http://127.0.0.1/stocks.csv' },
      });
      await em.flush();
      return source.id;
    });
    const source = await plane.withTenant(acme, (em) => em.findOneOrFail(DataSource, { id }));
    expect(source).toMatchObject({
      id,
      config: { url: 'http://127.0.0.1/stocks.csv' },
      schedule: { kind: 'manual' },
      revision: 1,
    });
    expect(source.createdAt).toBeInstanceOf(Date);
  });

  it('keeps users, sessions and keys from the system login', async () => {
    for (const table of ['app_user', 'session', 'api_key', 'membership']) {
      await expect(plane.system.rows(`select * from app.${table}`)).rejects.toThrow(/permission denied/);
    }
  });

  it('lets the system login choose whether whole pages are compressed in the WAL', async () => {
    const choose = `select set_config('wal_compression', 'pglz', true) as chosen`;
    expect(await plane.system.rows(choose)).toEqual([{ chosen: 'pglz' }]);
    await expect(plane.beforeTenant((sql) => sql.rows(choose))).rejects.toThrow(/permission denied/);
  });

  it('lets the application reach users and sessions through the authentication functions alone', async () => {
    const app = new pg.Client({ connectionString: asApp(postgres.url, installation) });
    await app.connect();
    try {
      await expect(app.query('select * from app.app_user')).rejects.toThrow(/permission denied/);
      await expect(
        app.query(`select * from app.find_user_for_sign_in('nobody@example.com')`),
      ).resolves.toMatchObject({ rows: [] });
    } finally {
      await app.end();
    }
  });

  it('has row-level security on every table of schema app', async () => {
    const { rows } = await postgres.pool.query(
      `select relname from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r' and not relrowsecurity`,
    );
    expect(rows).toEqual([]);
  });

  it('knows the organization of every row of a tenant table', async () => {
    const { rows } = await postgres.pool.query(
      `select table_name from information_schema.columns where table_schema = 'app' and column_name = 'organization_id'`,
    );
    const withOrganization = new Set(rows.map((row) => row.table_name));
    expect(tenantTables.filter((table) => table !== 'organization' && !withOrganization.has(table))).toEqual(
      [],
    );
  });

  it('outlives the loss of connections that are at work or held, whose users are told', async () => {
    const end = (pid: number) => postgres.pool.query('select pg_terminate_backend($1, 5000)', [pid]);
    const backend = 'select pg_backend_pid() as pid';
    const session = plane.systemSession(async (sql) => {
      const [row] = await sql.rows<{ pid: number }>(backend);
      await end(row?.pid ?? 0);
      await sql.rows('select 1');
    });
    await expect(session).rejects.toThrow();
    const transaction = plane.systemTransaction(async (sql) => {
      const [row] = await sql.rows<{ pid: number }>(backend);
      await end(row?.pid ?? 0);
    });
    await expect(transaction).rejects.toThrow();
    const own = await plane.systemConnection('test');
    const { rows } = await own.query<{ pid: number }>(backend);
    await end(rows[0]?.pid ?? 0);
    await expect(own.query('select 1')).rejects.toThrow();
    await expect(plane.ping()).resolves.toBeUndefined();
  });
});

describe('migrations', () => {
  const postgres = usePostgres();

  it('go up, down and up again, and a second start changes nothing', async () => {
    const tables = async () =>
      (await postgres.pool.query(`select count(*)::int as n from pg_tables where schemaname = 'app'`)).rows[0]
        .n;
    await migrate(postgres.url);
    const first = await tables();
    await migrateDown(postgres.url);
    expect(await tables()).toBe(0);
    await Promise.all([migrate(postgres.url), migrate(postgres.url)]);
    expect(await tables()).toBe(first);
    expect(first).toBeGreaterThan(20);
  });
});

const asApp = (databaseUrl: string, installation: string): string => {
  const url = new URL(databaseUrl);
  const role = controlRoles(installation).app;
  url.username = role;
  url.password = loginPassword(masterKey, role);
  return url.toString();
};
