import type { VersionDiff } from '@freshet/contracts';
import { usePostgres, waitFor } from '@freshet/testing';
import { diffVersions, type DiffRequest } from './diff-versions';
import { modelId, projectId, useProject } from './project-under-test';

const postgres = usePostgres();
const { build, asSystem } = useProject(postgres);
const byId = { indexes: [{ columns: ['id'], unique: true }] };

const diff = (request: Pick<DiffRequest, 'from' | 'to'> & Partial<DiffRequest>): Promise<VersionDiff> =>
  asSystem((client) => diffVersions(client, { projectId, modelId, ...request }));
const column = ({ columns }: VersionDiff, name: string) => columns.find((each) => each.name === name);

const before = `SELECT i AS id, i % 10 AS v, 'n' || i AS name FROM generate_series(1, 100) i`;
const after = `SELECT i AS id, CASE WHEN i <= 20 THEN -1 ELSE i % 10 END AS v, 'n' || i AS name FROM generate_series(11, 105) i`;

describe('the difference of two versions', () => {
  it('pairs rows by a unique index of both, and tells what changed in which column', async () => {
    const [from, to] = [await build(before, byId), await build(after, byId)];
    const found = await diff({ from, to });
    expect(found).toMatchObject({
      from: from.version,
      to: to.version,
      rowsBefore: 100,
      rowsAfter: 95,
      rowsAdded: 5,
      rowsRemoved: 10,
      rowsChanged: 10,
      key: ['id'],
    });
    expect(column(found, 'v')).toEqual({
      name: 'v',
      change: 'same',
      changedRows: 10,
      from: { type: 'integer', nulls: 0, distinct: 10, min: '0', max: '9', mean: 4.5 },
      to: { type: 'integer', nulls: 0, distinct: 11, min: '-1', max: '9', mean: expect.any(Number) },
    });
    expect(column(found, 'name')).toMatchObject({ changedRows: 0, from: { min: 'n1', mean: null } });
    expect(found.samples.added.map(({ id }) => id)).toEqual([101, 102, 103, 104, 105]);
    expect(found.samples.removed).toHaveLength(10);
    expect(found.samples.changed[0]).toEqual({
      before: { id: 11, v: 1, name: 'n11' },
      after: { id: 11, v: -1, name: 'n11' },
    });
    expect(found.samples.changed).toHaveLength(10);
  });

  it('compares rows as multisets where there is no such index', async () => {
    const from = await build('SELECT 1 AS a FROM generate_series(1, 5) UNION ALL SELECT 7');
    const to = await build('SELECT 1 AS a FROM generate_series(1, 3) UNION ALL SELECT 2');
    const found = await diff({ from, to });
    expect(found).toMatchObject({ key: [], rowsAdded: 1, rowsRemoved: 3, rowsChanged: 0 });
    expect(found.samples.added).toEqual([{ a: 2 }]);
    expect(found.samples.removed).toEqual(expect.arrayContaining([{ a: 1 }, { a: 7 }]));
    expect(found.samples.removed).toHaveLength(2);
    expect(column(found, 'a')).toMatchObject({ changedRows: null });
  });

  it('does not pair by a key with gaps, whose rows would all seem new', async () => {
    const text = 'SELECT NULLIF(i, 3) AS id FROM generate_series(1, 5) i';
    const [from, to] = [await build(text, byId), await build(text, byId)];
    expect(await diff({ from, to })).toMatchObject({ key: [], rowsAdded: 0, rowsRemoved: 0 });
  });

  it('compares what both have when columns came, went and were retyped', async () => {
    const from = await build(
      `SELECT i AS id, i AS n, 1.0 AS r, 'x' AS gone FROM generate_series(1, 3) i`,
      byId,
    );
    const to = await build(
      `SELECT i AS id, CASE i WHEN 3 THEN 4 ELSE i END::text AS n, 1.00 AS r, true AS fresh FROM generate_series(1, 3) i`,
      byId,
    );
    const found = await diff({ from, to });
    expect(found.columns.map(({ name, change, changedRows }) => [name, change, changedRows])).toEqual([
      ['id', 'same', 0],
      ['n', 'retyped', 1],
      ['r', 'same', 3],
      ['fresh', 'added', null],
      ['gone', 'removed', null],
    ]);
    expect(found).toMatchObject({ rowsChanged: 3, rowsAdded: 0, rowsRemoved: 0 });
    expect(column(found, 'fresh')).toMatchObject({
      from: null,
      to: { type: 'boolean', distinct: 1, min: null },
    });
  });

  it('does not take a key whose type changed', async () => {
    const [from, to] = [await build('SELECT 1 AS id', byId), await build(`SELECT '1' AS id`, byId)];
    expect(await diff({ from, to })).toMatchObject({ key: [], rowsAdded: 0, rowsRemoved: 0 });
  });

  it('takes all rows as added when there is nothing to compare with', async () => {
    const to = await build(before);
    expect(await diff({ from: null, to, sample: 3 })).toMatchObject({
      from: null,
      rowsBefore: 0,
      rowsAdded: 100,
      samples: { added: [{ id: 1 }, { id: 2 }, { id: 3 }], removed: [] },
    });
  });

  it('takes every type, values of any size, and empty versions', async () => {
    const odd = `SELECT i AS id, '{"a": 1}'::json AS j, point(i, 2) AS p, ARRAY[i, NULL] AS l, 'NaN'::float8 AS f, 'x'::xml AS x,
      'infinity'::timestamptz AS t, repeat('y', 3000000) AS big, 1e400::numeric AS huge, NULL::int AS none`;
    const from = await build(`${odd} FROM generate_series(1, 2) i`, byId);
    const to = await build(`${odd} FROM generate_series(2, 3) i`, byId);
    const found = await diff({ from, to });
    expect(found).toMatchObject({ rowsAdded: 1, rowsRemoved: 1, rowsChanged: 0 });
    expect(found.samples.added[0]).toMatchObject({
      id: 3,
      j: { a: 1 },
      f: 'NaN',
      big: `${'y'.repeat(200)}…`,
    });
    expect(column(found, 'none')).toMatchObject({ to: { nulls: 2, distinct: 0, min: null } });
    expect(column(found, 'f')).toMatchObject({ to: { mean: null } });
    const empty = await build(`${odd} FROM generate_series(1, 0) i`, byId);
    expect(await diff({ from: empty, to })).toMatchObject({ rowsAdded: 2, rowsRemoved: 0 });
    expect(JSON.stringify(found).length).toBeLessThan(20_000);
  });

  it('estimates distinct values of large versions', async () => {
    const to = await build('SELECT i, i % 7 AS w FROM generate_series(1, 60000) i');
    const found = await diff({ from: null, to, sample: 1 });
    expect(column(found, 'w')).toMatchObject({ to: { distinct: 7 } });
    expect(column(found, 'i')?.to?.distinct).toBeGreaterThan(50_000);
  });

  it('leaves the settings of the transaction it was called in as they were', async () => {
    const to = await build('SELECT 1 AS a');
    await asSystem(async (client) => {
      await client.query(`BEGIN; SET LOCAL TimeZone = 'Asia/Tokyo'`);
      await diffVersions(client, { projectId, modelId, from: null, to });
      expect((await client.query('SHOW TimeZone')).rows).toEqual([{ TimeZone: 'Asia/Tokyo' }]);
      await client.query('COMMIT');
    });
  });

  it('says that a version is gone, and that it took too long', async () => {
    const to = await build(before);
    await expect(diff({ from: { ...to, version: 999 }, to })).rejects.toMatchObject({ code: 'not_found' });
    const large = await build(`SELECT i, md5(i::text) AS h FROM generate_series(1, 100000) i`);
    await expect(diff({ from: large, to: large, statementTimeoutMs: 1 })).rejects.toMatchObject({
      code: 'sql_timeout',
    });
  });

  it('is stopped in the database by the signal', async () => {
    const large = await build(`SELECT i, md5(i::text) AS h FROM generate_series(1, 300000) i`);
    const abort = new AbortController();
    const failure = expect(diff({ from: large, to: large, signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const running = async (): Promise<number> =>
      (
        await postgres.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%hashbytea%' AND pid <> pg_backend_pid()`,
        )
      ).rowCount ?? 0;
    await waitFor(async () => (await running()) > 0, { what: 'the comparison to run' });
    abort.abort();
    await failure;
    expect(await running()).toBe(0);
  });
});
