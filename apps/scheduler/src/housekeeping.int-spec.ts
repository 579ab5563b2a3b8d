import 'reflect-metadata';
import { createLog } from '@freshet/service-kit';
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

  const systemRole = async (): Promise<string> => {
    const [{ role } = { role: '' }] = await data.plane.system.rows<{ role: string }>(
      'select current_user::text as role',
    );
    return `"${role}"`;
  };
});
