/** A control plane with one organization and project, for specs of what the scheduler does to it. */
import { ControlPlane, prepareDatabase } from '@freshet/persistence';
import { usePostgres, type TestPostgres } from '@freshet/testing';
import { provisionProject } from '@freshet/warehouse';

const masterKey = 'a master key for tests, long enough to pass';

export interface TestPlane {
  readonly plane: ControlPlane;
  readonly postgres: TestPostgres;
  readonly organizationId: string;
  readonly projectId: string;
  addSource(values?: { schedule?: object; nextRunAt?: Date }): Promise<string>;
  addModel(name: string): Promise<string>;
  /** The first row of a query. */
  row<T>(query: string, values?: unknown[]): Promise<T>;
}

export const usePlane = (): TestPlane => {
  let plane: ControlPlane;
  const ids = { organizationId: '', projectId: '' };
  let count = 0;
  afterAll(() => plane?.close());
  const postgres = usePostgres();

  const row = async <T>(query: string, values: unknown[] = []): Promise<T> =>
    (await postgres.pool.query(query, values)).rows[0];
  const insert = async (query: string, values: unknown[]): Promise<string> =>
    (await row<{ id: string }>(query, values)).id;

  beforeAll(async () => {
    const installation = postgres.name.slice(-8);
    const roles = await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey });
    plane = await ControlPlane.open({ databaseUrl: postgres.url, installation, masterKey, poolSize: 4 });
    ids.organizationId = await insert(
      `insert into app.organization (name, slug) values ('Acme', 'acme') returning id`,
      [],
    );
    ids.projectId = await insert(
      `insert into app.project (organization_id, name, slug) values ($1, 'Growth', 'growth') returning id`,
      [ids.organizationId],
    );
    const admin = await postgres.pool.connect();
    await provisionProject(admin, {
      installation,
      projectId: ids.projectId,
      masterKey,
      systemRole: roles.system,
    });
    admin.release();
  }, 60_000);

  return {
    get plane() {
      return plane;
    },
    get organizationId() {
      return ids.organizationId;
    },
    get projectId() {
      return ids.projectId;
    },
    postgres,
    row,
    addSource: ({
      schedule = { kind: 'interval', every: 60, timeZone: 'UTC', paused: false },
      nextRunAt,
    } = {}) =>
      insert(
        `insert into app.data_source (organization_id, project_id, type, name, slug, schedule, next_run_at)
         values ($1, $2, 'file', 'Orders', 'orders_' || $3::text, $4, $5) returning id`,
        [ids.organizationId, ids.projectId, ++count, schedule, nextRunAt ?? null],
      ),
    addModel: (name) =>
      insert(
        `insert into app.data_model (organization_id, project_id, name, sql) values ($1, $2, $3, 'SELECT 1') returning id`,
        [ids.organizationId, ids.projectId, name],
      ),
  };
};
