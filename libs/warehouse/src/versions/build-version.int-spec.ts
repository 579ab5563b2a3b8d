import type { Guard } from '@freshet/contracts';
import { usePostgres, waitFor } from '@freshet/testing';
import type { PoolClient } from 'pg';
import { installationId, projectSchema } from '../names';
import { provisionProject } from '../roles/provision-project';
import { buildVersion, type BuildRequest } from './build-version';
import { createBuilders, type Builders } from './builders';
import { compareVersions, type Comparison, type VersionDifference } from './compare-versions';
import { runGuards } from './guards';
import { dropTable, listVersionTables, tableSize } from './physical-tables';
import { exportSnapshot } from './snapshot';
import { qualifiedVersion, type BuiltVersion } from './version';

const postgres = usePostgres();
const projectId = '7';
const masterKey = 'a key for tests only';
let builders: Builders;
let nextVersion = 0;

beforeAll(async () => {
  const installation = installationId(postgres.name);
  const { hostname, port } = new URL(postgres.url);
  const admin = await postgres.pool.connect();
  await provisionProject(admin, { installation, projectId, masterKey, systemRole: 'postgres' });
  admin.release();
  builders = createBuilders({
    connection: { host: hostname, port: Number(port), database: postgres.name },
    installation,
    masterKey,
  });
  await postgres.pool.query(`CREATE TABLE ${projectSchema(projectId)}.orders (id bigint, amount numeric)`);
  await postgres.pool.query(
    `INSERT INTO ${projectSchema(projectId)}.orders SELECT i, i * 1.5 FROM generate_series(1, 100) i`,
  );
});

type Wishes = Partial<BuildRequest> & { duringSnapshot?: () => Promise<unknown> };

/** One build as the refresh service does it: the control connection exports, the builder imports and builds. */
const build = async (
  text: string,
  { duringSnapshot, ...wishes }: Wishes = {},
): Promise<BuiltVersion & { version: number }> => {
  const control = await postgres.pool.connect();
  const builder = await builders.connect(projectId);
  const version = ++nextVersion;
  try {
    const { snapshotId } = await exportSnapshot(control, async () => undefined);
    await duringSnapshot?.();
    const built = await buildVersion({
      builder,
      snapshotId,
      projectId,
      modelId: '42',
      version,
      text,
      indexes: [],
      statementTimeoutMs: 20_000,
      ...wishes,
    });
    return { ...built, version };
  } finally {
    await control.query('ROLLBACK');
    control.release();
    await builder.end();
  }
};

/** Runs one piece of work on a connection of the system login. */
const asSystem = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
  const client = await postgres.pool.connect();
  return work(client).finally(() => client.release());
};
const tableNames = async (): Promise<string[]> =>
  (await asSystem((client) => listVersionTables(client, projectId))).map(({ table }) => table);
const drop = (table: string): Promise<boolean> =>
  asSystem((client) => dropTable(client, projectSchema(projectId), table));
const size = (table: string): Promise<number> =>
  asSystem((client) => tableSize(client, projectSchema(projectId), table));
const compare = (versions: Pick<Comparison, 'old' | 'next' | 'key'>): Promise<VersionDifference> =>
  asSystem((client) => compareVersions(client, { projectId, modelId: '42', ...versions }));

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

  it('cancels the query in the database when the signal aborts', async () => {
    const cancel = new AbortController();
    const failure = expect(build(endless, { signal: cancel.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await waitFor(async () => (await running()) > 0, { what: 'the build to run' });
    cancel.abort();
    await failure;
    await waitFor(async () => (await running()) === 0, { what: 'the query to end in the database' });
  });
});

const endless = 'SELECT count(*) AS n FROM generate_series(1, 1e12) i';
const running = async (): Promise<number> => {
  const { rows } = await postgres.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'CREATE TABLE%1e12%'`,
  );
  return rows[0]?.n ?? 0;
};

describe('the fingerprint of a version', () => {
  const hash = async (text: string): Promise<string> => (await build(text)).contentHash;
  const rows = 'SELECT i AS id, i / 3.0 AS part, NULLIF(i, 5)::text AS name FROM generate_series(1, 500) i';

  it('does not depend on the order of rows', async () => {
    expect(await hash(`${rows} ORDER BY i DESC`)).toBe(await hash(`${rows} ORDER BY md5(i::text)`));
  });

  it.each([
    ['one value', `SELECT id, CASE WHEN id = 77 THEN 0 ELSE part END AS part, name FROM (${rows}) x`],
    ['one null', `SELECT id, part, CASE WHEN id <> 9 THEN name END AS name FROM (${rows}) x`],
    [
      'the scale of a number',
      `SELECT id, CASE WHEN id = 3 THEN 1.0 ELSE part END AS part, name FROM (${rows}) x`,
    ],
    ['one row more', `${rows} UNION ALL SELECT 1, 1, 'x'`],
    [
      'values swapped between two rows',
      `SELECT CASE id WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE id END AS id, part, name FROM (${rows}) x`,
    ],
  ])('changes with %s', async (_, text) => {
    expect(await hash(text)).not.toBe(await hash(rows));
  });

  it('sees rows that come in pairs', async () => {
    expect(await hash('SELECT 1 AS a UNION ALL SELECT 1')).not.toBe(
      await hash('SELECT 2 AS a UNION ALL SELECT 2'),
    );
  });

  it('works for types that have no hash, and for none at all', async () => {
    const odd = `SELECT '{"a": 1}'::json AS j, point(1, 2) AS p, ARRAY[1, 2] AS l, interval '1 day' AS i, 'x'::xml AS x`;
    expect(await hash(odd)).toBe(await hash(odd));
    expect(await hash('SELECT 1 AS a WHERE false')).toBe('0:0:0');
  });
});

describe('comparing two versions', () => {
  const before = 'SELECT i AS id, i % 10 AS v FROM generate_series(1, 100) i';
  const after =
    'SELECT i AS id, CASE WHEN i <= 20 THEN -1 ELSE i % 10 END AS v FROM generate_series(11, 105) i';

  it('counts by the key when there is one, else as multisets', async () => {
    const [old, next] = [await build(before), await build(after)];
    const versions = { old, next };
    expect(await compare({ ...versions, key: ['id'] })).toEqual({
      rowsAdded: 5,
      rowsRemoved: 10,
      rowsChanged: 10,
    });
    expect(await compare(versions)).toEqual({
      rowsAdded: 15,
      rowsRemoved: 20,
      rowsChanged: 0,
    });
    expect(await compare({ ...versions, old: null })).toEqual({
      rowsAdded: 95,
      rowsRemoved: 0,
      rowsChanged: 0,
    });
  });

  it('counts repeated rows one by one', async () => {
    const old = await build('SELECT 1 AS a FROM generate_series(1, 5)');
    const next = await build('SELECT 1 AS a FROM generate_series(1, 3) UNION ALL SELECT 2');
    expect(await compare({ old, next })).toEqual({
      rowsAdded: 1,
      rowsRemoved: 2,
      rowsChanged: 0,
    });
  });
});

describe('guards', () => {
  const check = async (text: string, guard: Omit<Guard, 'severity'>, more = {}) => {
    const { version, rowCount } = await build(text);
    const table = qualifiedVersion({ projectId, modelId: '42', version });
    const subject = { table, rowCount, rowsBefore: 100, allowEmpty: false, ...more };
    const guards = [{ severity: 'block' as const, ...guard }];
    const [result] = await asSystem((client) => runGuards(client, subject, guards));
    return result;
  };

  it.each<[string, string, string, Omit<Guard, 'severity'>]>([
    ['not_empty', 'SELECT 1 AS a WHERE false', 'SELECT 1 AS a', { kind: 'not_empty' }],
    [
      'unique',
      'SELECT 1 AS a, 2 AS b UNION ALL SELECT 1, 2',
      'SELECT 1 AS a, 2 AS b UNION ALL SELECT 1, 3',
      { kind: 'unique', columns: ['a', 'b'] },
    ],
    ['not_null', 'SELECT NULL::int AS a', 'SELECT 1 AS a', { kind: 'not_null', columns: ['a'] }],
    ['range', 'SELECT 11 AS a', 'SELECT 10 AS a', { kind: 'range', columns: ['a'], min: 1, max: 10 }],
    [
      'accepted_values',
      `SELECT 'c' AS a`,
      `SELECT 'b' AS a`,
      { kind: 'accepted_values', columns: ['a'], values: ['a', 'b'] },
    ],
    [
      'row_change',
      'SELECT 1 AS a FROM generate_series(1, 89)',
      'SELECT 1 AS a FROM generate_series(1, 91)',
      { kind: 'row_change', percent: 10 },
    ],
  ])('%s fails on what it forbids, and only then', async (_, bad, good, guard) => {
    expect(await check(bad, guard)).toMatchObject({ ok: false, message: expect.stringMatching(/\.$/) });
    expect(await check(good, guard)).toMatchObject({ ok: true });
  });

  it('hands back the offending rows', async () => {
    expect(
      await check('SELECT 5 AS a UNION ALL SELECT NULL', { kind: 'not_null', columns: ['a'] }),
    ).toMatchObject({ failingRows: [{ a: null }] });
  });

  it('allows an empty result where that is wished', async () => {
    expect(
      await check('SELECT 1 AS a WHERE false', { kind: 'not_empty' }, { allowEmpty: true }),
    ).toMatchObject({ ok: true });
  });
});

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
