import 'reflect-metadata';
import { createLog } from '@freshet/service-kit';
import { waitFor } from '@freshet/testing';
import { tryLockModel } from '@freshet/warehouse';
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

  /** @param age minutes since the version was retired, or built when it never was shown; null for the live one */
  const addVersion = async (
    modelId: string,
    version: number,
    age: number | null,
    state = age === null ? 'live' : 'retired',
  ): Promise<void> => {
    await createTable(`m_${modelId}_v${version}`);
    await data.postgres.pool.query(
      `insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes,
         content_hash, vector, refresh_id, built_at, published_at, retired_at)
       values ($1, $2, $3, $4, $5, '[]', 0, 0, '', '{}', 0, now() - make_interval(mins => $6),
         case when $5 in ('live', 'retired') then now() end, case when $5 = 'retired' then now() - make_interval(mins => $6) end)`,
      [modelId, version, data.organizationId, data.projectId, state, age ?? 0],
    );
  };
  const point = (modelId: string, columns: string): Promise<unknown> =>
    data.postgres.pool.query(`update app.data_model set ${columns} where id = $1`, [modelId]);

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

  it('keeps the version a model is pinned at and shows, however old, and the newest shadow builds beside it', async () => {
    const model = await data.addModel('pinned');
    await addVersion(model, 1, null);
    for (const version of [2, 3, 4, 5]) await addVersion(model, version, 60, 'shadow');
    await point(model, 'published_version = 1, pinned_version = 1');
    await sweeper().sweep();
    expect(await tables()).toEqual([1, 3, 4, 5].map((version) => `m_${model}_v${version}`));
  });

  it('keeps a candidate that waits for its set, and drops those it has replaced', async () => {
    const model = await data.addModel('candidate');
    await addVersion(model, 1, null);
    await addVersion(model, 2, 60);
    await data.postgres.pool.query(`update app.model_version set published_at = null where version = 2`);
    await addVersion(model, 3, 60, 'candidate');
    await point(model, 'published_version = 1, candidate_version = 3');
    await sweeper().sweep();
    expect(await tables()).toEqual([1, 3].map((version) => `m_${model}_v${version}`));
  });

  it('drops all versions of a deleted model, ten minutes after', async () => {
    const model = await data.addModel('deleted');
    for (const version of [1, 2]) await addVersion(model, version, 60);
    await point(model, `deleted_at = now() - interval '9 minutes'`);
    await sweeper().sweep();
    expect(await tables()).toHaveLength(2);
    await point(model, `deleted_at = now() - interval '11 minutes'`);
    await sweeper().sweep();
    expect(await tables()).toEqual([]);
  });

  it('spares a version that a rollback shows again at the last moment', async () => {
    const model = await data.addModel('back');
    for (const [version, age] of [[1, 60], [2, 50], [3, 40], [4, null]] as const) await addVersion(model, version, age); // prettier-ignore
    const person = await data.postgres.pool.connect();
    await person.query('begin');
    await person.query(`select from app.data_model where id = $1 for update`, [model]);
    const sweeping = sweeper().sweep();
    await waitFor(
      async () =>
        (await data.row<{ n: string }>(`select count(*) as n from pg_locks where not granted`)).n !== '0',
    );
    await person.query(
      `update app.model_version set state = 'retired', retired_at = now() where version = 4`,
    );
    await person.query(`update app.model_version set state = 'live', retired_at = null where version = 1`);
    await person.query(`update app.data_model set published_version = 1, pinned_version = 1 where id = $1`, [
      model,
    ]);
    await person.query('commit');
    person.release();
    await sweeping;
    expect(await tables()).toContain(`m_${model}_v1`);
  });

  it('spares the table of a build whose refresh was given up for dead while it goes on', async () => {
    const model = await data.addModel('undead');
    await createTable(`m_${model}_v1`);
    await data.plane.systemSession(async (_, session) => {
      await tryLockModel(session, model);
      await sweeper().sweep();
      expect(await tables()).toEqual([`m_${model}_v1`]);
    });
    await sweeper().sweep();
    expect(await tables()).toEqual([]);
  });

  it('sweeps on past a table that can not be dropped', async () => {
    const model = await data.addModel('held');
    for (const [version, age] of [[1, 60], [2, 60], [3, 60], [4, 60], [5, null]] as const) await addVersion(model, version, age); // prettier-ignore
    const view = `create view p_${data.projectId}.keeps as select * from p_${data.projectId}.m_${model}_v1`;
    await data.postgres.pool.query(view);
    await sweeper().sweep();
    expect(await tables()).toEqual([1, 3, 4, 5].map((version) => `m_${model}_v${version}`));
    await data.postgres.pool.query(`drop view p_${data.projectId}.keeps`);
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
