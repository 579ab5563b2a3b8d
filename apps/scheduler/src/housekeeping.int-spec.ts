import 'reflect-metadata';
import { createLog } from '@freshet/service-kit';
import { ForgetPages } from './forget-pages';
import { FreezeVersions } from './freeze-versions';
import { OrphanFiles } from './orphan-files';
import { usePlane } from './testing/use-plane';

describe('housekeeping', () => {
  const data = usePlane();
  const log = createLog('scheduler', 'silent');

  it('freezes a published version that an older snapshot kept from it', async () => {
    const model = await data.addModel('daily');
    const table = `p_${data.projectId}.m_${model}_v1`;
    const visible = (): Promise<{ all: boolean }> =>
      data.row(
        `select relallvisible >= relpages and relpages > 0 as all from pg_class where oid = $1::regclass`,
        [table],
      );
    const reader = await data.postgres.pool.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('select 1');
    await data.plane.system.rows(`create table ${table} as select n from generate_series(1, 10000) n`);
    await data.plane.system.rows(`vacuum (freeze, analyze) ${table}`);
    await data.postgres.pool.query(
      `insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes,
         content_hash, vector, refresh_id, published_at) values ($1, 1, $2, $3, 'live', '[]', 0, 0, '', '{}', 0, now())`,
      [model, data.organizationId, data.projectId],
    );
    const freeze = new FreezeVersions(data.plane, log);
    await freeze.freeze();
    expect(await visible()).toEqual({ all: false });
    await reader.query('commit');
    reader.release();
    await freeze.freeze();
    expect(await visible()).toEqual({ all: true });
  });

  it('says that it may not look for orphan files, or how many there are', async () => {
    const files = new OrphanFiles(data.plane, log);
    await files.look();
    expect(files.found).toBeNull();
    await data.postgres.pool.query(
      `grant execute on function pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean) to public;
       grant pg_read_all_stats to public_reader`.replace('public_reader', await systemRole()),
    );
    await files.look();
    expect(files.found).toEqual({ count: 0, bytes: 0 });
    await data.postgres.pool.query(
      `revoke execute on function pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean) from public`,
    );
  });

  it('forgets archived answers that are older than thirty days, however many there are', async () => {
    const source = await data.addSource();
    await data.postgres.pool.query(
      `with stream as (
         insert into app.stream (organization_id, project_id, source_id, name, mode) values ($1, $2, $3, 'a', 'upsert') returning id
       ), run as (
         insert into app.sync_run (organization_id, project_id, source_id, trigger, why, correlation_id)
         values ($1, $2, $3, 'user', 'Test.', 'test') returning id)
       insert into app.raw_page (organization_id, source_id, stream_id, run_id, slice, number, body, fetched_at)
       select $1, $3, stream.id, run.id, '{}', n, '', now() - make_interval(days => case when n < 1001 then 31 else 29 end)
       from stream, run, generate_series(1, 1003) n`,
      [data.organizationId, data.projectId, source],
    );
    await new ForgetPages(data.plane, log).forget();
    await expect(data.row('select count(*)::int as pages from app.raw_page')).resolves.toEqual({ pages: 3 });
  });

  const systemRole = async (): Promise<string> => {
    const [{ role } = { role: '' }] = await data.plane.system.rows<{ role: string }>(
      'select current_user::text as role',
    );
    return `"${role}"`;
  };
});
