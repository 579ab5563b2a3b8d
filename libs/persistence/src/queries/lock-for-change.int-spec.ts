import { usePostgres } from '@freshet/testing';
import { ControlPlane } from '../control-plane';
import { prepareDatabase } from '../migrations/migrate';
import { lockForChange } from './lock-for-change';

const masterKey = 'a master key for tests, long enough to pass';

describe('locking a resource for a change', () => {
  let plane: ControlPlane;
  afterAll(() => plane?.close());
  const postgres = usePostgres();
  let organizationId: string;
  let projectId: string;

  beforeAll(async () => {
    const installation = postgres.name.slice(-8);
    await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey });
    plane = await ControlPlane.open({ databaseUrl: postgres.url, installation, masterKey, poolSize: 3 });
    const id = async (query: string, values: unknown[] = []): Promise<string> =>
      (await postgres.pool.query<{ id: string }>(query, values)).rows[0]?.id ?? '';
    organizationId = await id(
      `insert into app.organization (name, slug) values ('Acme', 'acme') returning id`,
    );
    projectId = await id(
      `insert into app.project (organization_id, name, slug) values ($1, 'P', 'p') returning id`,
      [organizationId],
    );
  });

  const changeWithin = (milliseconds: number): Promise<void> =>
    plane.systemTransaction(async (sql) => {
      await sql.rows(`set local lock_timeout = ${milliseconds}`);
      await lockForChange(sql, 'project', projectId);
    });

  it('lets one change go on at a time', async () => {
    await plane.systemTransaction(async (sql) => {
      await lockForChange(sql, 'project', projectId);
      await expect(changeWithin(50)).rejects.toThrow(/lock timeout/);
    });
  });

  // Who inserts such rows goes on to want what the change has locked: each would wait for the other.
  it('does not wait for transactions that only store rows of it', async () => {
    await plane.systemTransaction(async (sql) => {
      await sql.rows(
        `insert into app.cascade (organization_id, project_id, why) values ($1, $2, 'Orders changed.')`,
        [organizationId, projectId],
      );
      await expect(changeWithin(50)).resolves.toBeUndefined();
    });
  });
});
