import { usePostgres, waitFor } from '@freshet/testing';
import { findOrphanFiles, type OrphanFiles } from './orphan-files';

const postgres = usePostgres();

/** Does what a crash leaves: a file that no table names. */
const leaveFile = async (number: number): Promise<string> => {
  const { rows } = await postgres.pool.query<{ folder: string; path: string }>(
    `SELECT current_setting('data_directory') AS folder, 'base/' || oid || '/' || $1 AS path FROM pg_database WHERE datname = current_database()`,
    [number],
  );
  const { folder, path } = rows[0] ?? { folder: '', path: '' };
  await postgres.pool.query(`COPY (SELECT repeat('x', 1000)) TO '${folder}/${path}'`);
  return path;
};

const find = async (olderThanMs = 0): Promise<OrphanFiles> => {
  const client = await postgres.pool.connect();
  return findOrphanFiles(client, { olderThanMs }).finally(() => client.release());
};

const isOverASecondOld = async (path: string): Promise<boolean> => {
  const { rows } = await postgres.pool.query<{ old: boolean }>(
    `SELECT (pg_stat_file($1)).modification + interval '1 second' < clock_timestamp() AS old`,
    [path],
  );
  return rows[0]?.old ?? false;
};

describe('orphan files', () => {
  it('are those that no table names, a while after they were written', async () => {
    const path = await leaveFile(4_000_000_001);
    await leaveFile(4_000_000_002);
    await postgres.pool.query('CREATE TABLE named AS SELECT i FROM generate_series(1, 1000) i');
    await postgres.pool.query(
      'CREATE TABLE dropped AS SELECT i FROM generate_series(1, 1000) i; DROP TABLE dropped',
    );
    const files = await waitFor(
      async () => {
        const found = await find();
        return found.files?.length === 2 ? found.files : undefined;
      },
      { what: 'the files to be a second old' },
    );
    expect(files[0]).toMatchObject({ path, bytes: 1001, modifiedAt: expect.any(Date) });
    expect(await find(60_000)).toEqual({ files: [], reason: null });
  });

  it('are never of a table that is still being built, however long that takes', async () => {
    const builder = await postgres.pool.connect();
    await builder.query('BEGIN; CREATE TABLE unfinished AS SELECT i FROM generate_series(1, 1000) i');
    const { rows } = await builder.query<{ path: string }>(
      `SELECT pg_relation_filepath('unfinished') AS path`,
    );
    const late = await leaveFile(4_000_000_003);
    await waitFor(() => isOverASecondOld(late), { what: 'the file to be older than a second' });
    const paths = (await find()).files?.map(({ path }) => path) ?? [];
    await builder.query('ROLLBACK');
    builder.release();
    expect(paths).not.toContain(rows[0]?.path);
    expect(paths).not.toContain(late);
  });

  it('are not looked for by a login that may not, which says so', async () => {
    const role = `${postgres.name}_plain`;
    const client = await postgres.pool.connect();
    await client.query(`CREATE ROLE ${role}; SET ROLE ${role}`);
    const found = await findOrphanFiles(client);
    await client.query(`RESET ROLE; DROP ROLE ${role}`);
    client.release();
    expect(found).toEqual({ files: null, reason: expect.stringContaining('superuser') });
  });
});
