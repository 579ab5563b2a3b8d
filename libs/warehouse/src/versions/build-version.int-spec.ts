import { usePostgres, waitFor } from '@freshet/testing';
import { buildRole, installationId, projectSchema } from '../names';
import { dropTable, listVersionTables, tableSize } from './physical-tables';
import { projectId, useProject } from './project-under-test';

const postgres = usePostgres();
const { build, asSystem, createBuilders } = useProject(postgres);
const schema = projectSchema(projectId);

const tableNames = async (): Promise<string[]> =>
  (await asSystem((client) => listVersionTables(client, projectId))).map(({ table }) => table);
const drop = (table: string): Promise<boolean> => asSystem((client) => dropTable(client, schema, table));
const size = (table: string): Promise<number> => asSystem((client) => tableSize(client, schema, table));

describe('building a version', () => {
  it('answers columns, row count and size, and makes the indexes', async () => {
    const built = await build('SELECT id, sum(amount) AS total FROM p_7.orders GROUP BY id -- per order', {
      indexes: [{ columns: ['id'], unique: true }],
    });
    expect(built).toMatchObject({
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'total', type: 'numeric' },
      ],
      rowCount: 100,
    });
    expect(built.bytes).toBe(await size(`m_42_v${built.version}`));
    const { rows } = await postgres.pool.query(`SELECT indexdef FROM pg_indexes WHERE tablename = $1`, [
      `m_42_v${built.version}`,
    ]);
    expect(rows).toEqual([{ indexdef: expect.stringContaining('CREATE UNIQUE INDEX') }]);
  });

  it('tells the difference from a base, and the same fingerprint as without one', async () => {
    const unique = { indexes: [{ columns: ['id'], unique: true }] };
    const base = await build('SELECT id, amount FROM p_7.orders', unique);
    const text = 'SELECT id, CASE id WHEN 7 THEN 0 ELSE amount END AS amount FROM p_7.orders WHERE id > 2';
    const compared = await build(text, { ...unique, base });
    expect(compared.difference).toEqual({ rowsAdded: 0, rowsRemoved: 2, rowsChanged: 1 });
    const { difference, contentHash, rowCount } = await build(text);
    expect(difference).toBeNull();
    expect(compared).toMatchObject({ contentHash, rowCount });
  });

  it('leaves every page visible to all, so that reads of indexes alone are that', async () => {
    const { version } = await build('SELECT i FROM generate_series(1, 5000) i');
    const { rows } = await postgres.pool.query(
      `SELECT relpages > 0 AND relallvisible = relpages AS visible FROM pg_class WHERE relname = $1`,
      [`m_42_v${version}`],
    );
    expect(rows).toEqual([{ visible: true }]);
  });

  it('does without a base that is gone', async () => {
    const base = await build('SELECT 1 AS a');
    await drop(`m_42_v${base.version}`);
    expect(await build('SELECT 1 AS a', { base })).toMatchObject({
      difference: null,
      contentHash: base.contentHash,
    });
  });

  it('shows the moment of the snapshot although rows are loaded meanwhile', async () => {
    const text = 'SELECT count(*) AS n, sum(amount) AS total FROM p_7.orders';
    const before = await build(text);
    const during = await build(text, {
      duringSnapshot: () =>
        postgres.pool.query(`INSERT INTO p_7.orders SELECT i, 1 FROM generate_series(101, 200) i`),
    });
    const after = await build(text);
    expect(during.contentHash).toBe(before.contentHash);
    expect(after.contentHash).not.toBe(before.contentHash);
  });

  it('says when the snapshot was taken, so that the exporter can end', async () => {
    const taken = jest.fn();
    await build('SELECT 1 AS one', { onSnapshotTaken: taken });
    expect(taken).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['two columns of one name', 'SELECT 1 AS a, 2 AS a', 'Two columns are named "a".'],
    ['two columns without a name', 'SELECT 1 + 1, 2 + 2', 'More than one column has no name.'],
    ['a whole row', 'SELECT o FROM p_7.orders o', 'Column "o" holds a whole row.'],
    ['an anonymous row', 'SELECT ROW(1, 2) AS pair', 'Column "pair" holds a whole row.'],
    ['a second statement', 'SELECT 1 AS a; DROP TABLE p_7.orders', ''],
    ['an unknown column', 'SELECT nope FROM p_7.orders', 'Column "nope" does not exist.'],
    ['a failing value', 'SELECT 1 / (id - 1) AS x FROM p_7.orders', 'Division by zero.'],
  ])('refuses %s and leaves nothing behind', async (_, text, sentence) => {
    const before = await tableNames();
    await expect(build(text)).rejects.toMatchObject({
      code: 'sql_failed',
      message: expect.stringContaining(sentence),
    });
    expect(await tableNames()).toEqual(before);
  });

  it('points to the mistake in the text the person wrote', async () => {
    const failure = build('SELECT nope FROM p_7.orders', { toUserPosition: (position) => position - 1 });
    await expect(failure).rejects.toMatchObject({ details: { position: 'SELECT '.length } });
  });

  it('removes a version whose unique index has duplicates', async () => {
    const before = await tableNames();
    const failure = build('SELECT 1 AS a FROM p_7.orders', { indexes: [{ columns: ['a'], unique: true }] });
    await expect(failure).rejects.toMatchObject({
      code: 'guard_failed',
      message: expect.stringContaining('duplicates'),
    });
    expect(await tableNames()).toEqual(before);
  });

  it('ends a statement that takes too long with a sentence', async () => {
    await expect(build(endless, { statementTimeoutMs: 50 })).rejects.toMatchObject({ code: 'sql_timeout' });
  });

  it('takes no longer than the project was given', async () => {
    const role = buildRole(installationId(postgres.name), projectId);
    await postgres.pool.query(`ALTER ROLE ${role} SET statement_timeout = '50ms'`);
    const builders = createBuilders();
    const builder = await builders.connect(projectId);
    await expect(build(endless, { builder })).rejects.toMatchObject({ code: 'sql_timeout' });
    await builder.release();
    await builders.close();
    await postgres.pool.query(`ALTER ROLE ${role} RESET statement_timeout`);
  });

  it('cancels the query in the database when the signal aborts', async () => {
    const before = await tableNames();
    const cancel = new AbortController();
    const failure = expect(build(endless, { signal: cancel.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await waitFor(async () => (await running()) > 0, { what: 'the build to run' });
    cancel.abort();
    await failure;
    expect(await running()).toBe(0);
    expect(await tableNames()).toEqual(before);
  });
});

const endless = 'SELECT count(*) AS n FROM generate_series(1, 1e12) i';
const running = async (): Promise<number> => {
  const { rows } = await postgres.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'CREATE TABLE%1e12%'`,
  );
  return rows[0]?.n ?? 0;
};

describe('dropping a table', () => {
  it('gives up at once while a reader uses it, and drops it afterwards', async () => {
    const { version } = await build('SELECT 1 AS a');
    const name = `m_42_v${version}`;
    const reader = await postgres.pool.connect();
    await reader.query('BEGIN');
    await reader.query(`SELECT * FROM p_7.${name}`);
    expect(await drop(name)).toBe(false);
    await reader.query('COMMIT');
    reader.release();
    expect(await drop(name)).toBe(true);
    expect(await tableNames()).not.toContain(name);
    expect(await size(name)).toBe(0);
  });
});
