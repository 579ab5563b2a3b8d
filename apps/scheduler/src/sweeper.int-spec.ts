import 'reflect-metadata';
import { createLog } from '@freshet/service-kit';
import { Sweeper } from './sweeper';
import { usePlane } from './testing/use-plane';

describe('the sweeper', () => {
  const data = usePlane();
  const sweeper = (): Sweeper => new Sweeper(data.plane, createLog('scheduler', 'silent'));

  const createTable = async (name: string): Promise<void> => {
    await data.plane.system.rows(`create table p_${data.projectId}.${name} (n int)`);
  };
  const tables = async (): Promise<string[]> =>
    (
      await data.postgres.pool.query(
        `select relname from pg_class where relnamespace = $1::regnamespace and relkind = 'r' order by 1`,
        [`p_${data.projectId}`],
      )
    ).rows.map(({ relname }) => relname as string);

  /** @param age minutes since the version was retired; null for the live one */
  const addVersion = async (modelId: string, version: number, age: number | null): Promise<void> => {
    await createTable(`m_${modelId}_v${version}`);
    await data.postgres.pool.query(
      `insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes,
         content_hash, vector, refresh_id, retired_at)
       values ($1, $2, $3, $4, $5, '[]', 0, 0, '', '{}', 0, now() - make_interval(mins => $6))`,
      [modelId, version, data.organizationId, data.projectId, age === null ? 'live' : 'retired', age],
    );
  };

  afterEach(async () => {
    for (const name of await tables())
      await data.postgres.pool.query(`drop table p_${data.projectId}.${name}`);
    await data.postgres.pool.query('delete from app.data_model');
  });

  it('drops versions beyond those that are kept, once they are ten minutes old', async () => {
    const model = await data.addModel('kept');
    for (const [version, age] of [[1, 60], [2, 50], [3, 40], [4, 5], [5, null]] as const) await addVersion(model, version, age); // prettier-ignore
    await sweeper().sweep();
    expect(await tables()).toEqual([3, 4, 5].map((version) => `m_${model}_v${version}`));
  });

  it('keeps a version that was retired a moment ago, however many there are', async () => {
    const model = await data.addModel('young');
    for (const [version, age] of [[1, 4], [2, 3], [3, 2], [4, 1], [5, null]] as const) await addVersion(model, version, age); // prettier-ignore
    await sweeper().sweep();
    expect(await tables()).toHaveLength(5);
  });

  it('leaves a table that somebody reads for a later round', async () => {
    const model = await data.addModel('read');
    for (const [version, age] of [[1, 60], [2, 50], [3, 40], [4, null]] as const) await addVersion(model, version, age); // prettier-ignore
    const reader = await data.postgres.pool.connect();
    await reader.query('begin');
    await reader.query(`select * from p_${data.projectId}.m_${model}_v1`);
    await sweeper().sweep();
    expect(await tables()).toContain(`m_${model}_v1`);
    await reader.query('commit');
    reader.release();
    await sweeper().sweep();
    expect(await tables()).not.toContain(`m_${model}_v1`);
  });

  it('drops what a killed build left behind, and spares one that is being built', async () => {
    const model = await data.addModel('built');
    await addVersion(model, 1, null);
    for (const version of [2, 3]) await createTable(`m_${model}_v${version}`);
    await data.postgres.pool.query(
      `insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, version, correlation_id)
       values ($1, $2, $3, 'RUNNING', 'user', 'You asked.', 3, 'test')`,
      [data.organizationId, data.projectId, model],
    );
    await sweeper().sweep();
    expect(await tables()).toEqual([`m_${model}_v1`, `m_${model}_v3`]);
  });

  it('drops retired generations of stream tables when their time is over', async () => {
    await createTable('s_0123456789_v1');
    await createTable('s_0123456789_v2');
    await data.postgres.pool.query(
      `insert into app.retired_table (organization_id, project_id, table_name, retired_at)
       values ($1, $2, 's_0123456789_v1', now() - interval '11 minutes')`,
      [data.organizationId, data.projectId],
    );
    await sweeper().sweep();
    expect(await tables()).toEqual(['s_0123456789_v2']);
  });
});
