import { findConnector } from '@freshet/connectors';
import { armFailpoints } from '@freshet/service-kit';
import { useSync } from './testing/use-sync';

const sync = useSync();
const postgresqlConnector = findConnector('postgresql');
let count = 0;

interface Entry {
  name: string;
  table?: string;
  query?: string;
  key: string[];
  cursor?: string;
}

/** A source that reads one table of this very server: accounts of people, each with the person's email address. */
const addSource = async (entry: Partial<Entry> = {}): Promise<{ source: string; table: string }> => {
  sync.connectors.set('postgresql', postgresqlConnector);
  const table = `public.accounts_${++count}`;
  const { pool } = sync.postgres;
  await pool.query(
    `create table ${table} (id int primary key, email text not null, at timestamptz not null)`,
  );
  await pool.query(
    `insert into ${table} select n, 'p' || n, timestamptz '2026-01-01' + n * interval '1 day' from generate_series(1, 3) n`,
  );
  const source = await sync.addSource([], { type: 'postgresql' });
  await setEntry(source, { name: 'accounts', table, key: ['id'], cursor: 'at', ...entry });
  await sync.row('update app.data_source set credentials = $2 where id = $1', [
    source,
    Buffer.from(
      sync.secrets.seal(
        JSON.stringify({ user: new URL(sync.postgres.url).username, password: '' }),
        `${sync.ids.organizationId}/data_source/${source}`,
      ),
    ),
  ]);
  return { source, table };
};

const setEntry = (source: string, entry: Partial<Entry>): Promise<unknown> => {
  const { hostname, port, pathname } = new URL(sync.postgres.url);
  const server = { host: hostname, port: Number(port), database: pathname.slice(1), tls: 'disable' };
  return sync.row('update app.data_source set config = $2 where id = $1', [
    source,
    JSON.stringify({ ...server, streams: [entry] }),
  ]);
};

/** As the gateway does when a person saves the config. */
const change = async (source: string, entry: Entry): Promise<void> => {
  await setEntry(source, entry);
  await sync.row(
    `update app.stream set shape = shape + 1, key = $2, mode = $3, cursor_column = $4 where source_id = $1`,
    [source, entry.key, entry.cursor === undefined ? 'replace-all' : 'upsert', entry.cursor ?? null],
  );
};

const accounts = (source: string) =>
  sync.stream<{ generation: number; shape: number; loaded_shape: number; row_count: string }>(source, 'accounts'); // prettier-ignore

describe('a table that was changed by a person', () => {
  afterEach(() => armFailpoints(undefined));

  it('is loaded anew under its new key, and readers keep the one before, whole, until then', async () => {
    const { source, table } = await addSource();
    await sync.sync(source);
    await sync.postgres.pool.query(
      `update ${table} set id = id + 10 where id = 1; delete from ${table} where id = 2`,
    );
    await change(source, { name: 'accounts', table, key: ['email'], cursor: 'at' });

    armFailpoints('load.before-commit=throw@1');
    await sync.sync(source);
    expect(await sync.rows(source, 'accounts', 'id, email')).toEqual(['1 p1', '2 p2', '3 p3']);

    armFailpoints(undefined);
    await sync.sync(source);
    expect(await sync.rows(source, 'accounts', 'id, email')).toEqual(['11 p1', '3 p3']);
    expect(await accounts(source)).toMatchObject({
      generation: 2,
      shape: 2,
      loaded_shape: 2,
      row_count: '2',
    });
    const retired = await sync.row<{ table_name: string }>('select table_name from app.retired_table');
    expect(retired.table_name).toMatch(/_v1$/);
  });

  it('goes on from where it was once it is loaded anew', async () => {
    const { source, table } = await addSource();
    await sync.sync(source);
    await change(source, { name: 'accounts', table, key: ['email'], cursor: 'at' });
    await sync.sync(source);
    await sync.postgres.pool.query(
      `insert into ${table} values (4, 'p4', '2026-02-01'), (5, 'p1', '2026-02-02')`,
    );
    const run = await sync.sync(source);
    expect(await sync.runStream(run)).toMatchObject({ inserted: 1, updated: 1, deleted: 0 });
    expect(await accounts(source)).toMatchObject({ generation: 2, row_count: '4' });
  });

  it('holds nothing of a query that was there under its name', async () => {
    const { source, table } = await addSource();
    await sync.sync(source);
    const query = `SELECT id, upper(email) AS name, at FROM ${table} WHERE id > 2`;
    await change(source, { name: 'accounts', query, key: ['id'], cursor: 'at' });
    await sync.sync(source);
    expect(await sync.rows(source, 'accounts', 'id, name')).toEqual(['3 P3']);
    const { columns } = await sync.stream<{ columns: { name: string }[] }>(source, 'accounts');
    expect(columns.map(({ name }) => name)).toEqual(['id', 'name', 'at']);
  });

  it('is still to be loaded anew after the commit of a run that began before the change', async () => {
    const { source, table } = await addSource();
    await sync.sync(source);
    sync.connectors.set('postgresql', {
      ...postgresqlConnector,
      async *read(...asked) {
        await change(source, { name: 'accounts', table, key: ['email'], cursor: 'at' });
        yield* postgresqlConnector.read(...asked);
      },
    });
    await sync.sync(source);
    expect(await accounts(source)).toMatchObject({ generation: 1, shape: 2, loaded_shape: 1 });
  });
});
