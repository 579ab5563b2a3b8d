import type { Guard } from '@freshet/contracts';
import { usePostgres, waitFor } from '@freshet/testing';
import { bindGuards, type GuardScope } from './bind-guards';
import { runGuards, type GuardResult, type GuardRun } from './guards';
import { modelId, projectId, useProject } from './project-under-test';
import { qualifiedVersion } from './version';

const postgres = usePostgres();
const { build, withBuilder } = useProject(postgres);

type Wish = Omit<Guard, 'severity'> & Partial<Pick<Guard, 'severity'>>;

/** Builds the text as a version of the model `sales` and runs the guard on it, as the build login does. */
const check = async (text: string, wish: Wish, more = {}, run: GuardRun = {}): Promise<GuardResult> => {
  const { version, rowCount } = await build(text);
  const guard: Guard = { severity: 'block', ...wish };
  const scope: GuardScope = {
    projectId,
    catalog: {
      tables: [],
      models: [
        { modelId, name: 'sales', version: 0 },
        { modelId: '43', name: 'unbuilt', version: 0 },
      ],
    },
    model: { modelId, name: 'sales', version },
  };
  const subject = {
    table: qualifiedVersion({ projectId, modelId, version }),
    rowCount,
    rowsBefore: 100,
    allowEmpty: false,
    boundSql: await bindGuards([guard], scope),
    ...more,
  };
  const [result] = await withBuilder((builder) => runGuards(builder, subject, [guard], run));
  if (!result) throw new Error('The guard gave no result.');
  return result;
};

describe('guards', () => {
  it.each<[string, string, string, Wish]>([
    ['not_empty', 'SELECT 1 AS a WHERE false', 'SELECT 1 AS a', { kind: 'not_empty' }],
    [
      'unique',
      'SELECT 1 AS a, 2 AS b UNION ALL SELECT 1, 2',
      'SELECT 1 AS a, 2 AS b UNION ALL SELECT 1, 3 UNION ALL SELECT 4, NULL UNION ALL SELECT 4, NULL',
      { kind: 'unique', columns: ['a', 'b'] },
    ],
    ['not_null', 'SELECT NULL::int AS a', 'SELECT 1 AS a', { kind: 'not_null', columns: ['a'] }],
    ['range', 'SELECT 11 AS a', 'SELECT 10 AS a', { kind: 'range', columns: ['a'], min: 1, max: 10 }],
    [
      'range of floats',
      'SELECT 0.11::real AS a',
      'SELECT 0.1::real AS a',
      { kind: 'range', columns: ['a'], max: 0.1 },
    ],
    [
      'accepted_values',
      `SELECT 'c' AS a`,
      `SELECT 'b' AS a UNION ALL SELECT NULL`,
      { kind: 'accepted_values', columns: ['a'], values: ['a', 'b'] },
    ],
    [
      'accepted_values of numbers',
      `SELECT 1.01 AS a, 1 AS b`,
      `SELECT 1.00 AS a, 2 AS b`,
      { kind: 'accepted_values', columns: ['a', 'b'], values: [1, '2'] },
    ],
    [
      'accepted_values of booleans',
      `SELECT false AS a`,
      `SELECT true AS a`,
      { kind: 'accepted_values', columns: ['a'], values: [true] },
    ],
    [
      'row_change',
      'SELECT 1 AS a FROM generate_series(1, 89)',
      'SELECT 1 AS a FROM generate_series(1, 91)',
      { kind: 'row_change', percent: 10 },
    ],
    [
      'sql',
      'SELECT 5 AS part, 4 AS whole',
      'SELECT 4 AS part, 5 AS whole',
      { kind: 'sql', sql: 'SELECT * FROM sales WHERE part > whole -- more than all' },
    ],
  ])('%s fails on what it forbids, and only then', async (_, bad, good, guard) => {
    expect(await check(bad, guard)).toMatchObject({ ok: false, message: expect.stringMatching(/\.$/) });
    expect(await check(good, guard)).toMatchObject({ ok: true, failingRows: [] });
  });

  it.each([
    [1, '1 row is empty in "a".'],
    [37, '37 rows are empty in "a".'],
    [999, '999 rows are empty in "a".'],
    [1_200, '1,000 or more rows are empty in "a".'],
  ])('counts %d offending rows', async (count, message) => {
    const text = `SELECT NULL::int AS a FROM generate_series(1, ${count}) UNION ALL SELECT 1`;
    const result = await check(text, { kind: 'not_null', columns: ['a'] });
    expect(result.message).toBe(message);
    expect(result.failingRows).toHaveLength(Math.min(count, 10));
  });

  it('shows which values are there more than once, and how often', async () => {
    const text = `SELECT 'x' AS a, 1 AS b FROM generate_series(1, 3) UNION ALL SELECT 'y', 2`;
    expect(await check(text, { kind: 'unique', columns: ['a'] })).toMatchObject({
      message: '1 value is there more than once in "a".',
      failingRows: [{ a: 'x', count: 3 }],
    });
  });

  it('hands back the offending rows as JSON values', async () => {
    const text = `SELECT 5 AS a, NULL::int AS gone, true AS yes, 12345678901234::bigint AS big, '{"k": [1]}'::jsonb AS doc,
      timestamptz '2026-11-22 01:02:03Z' AS at, date '2026-11-22' AS day, 1.50 AS price, ARRAY['p', NULL] AS list`;
    expect((await check(text, { kind: 'not_null', columns: ['gone'] })).failingRows).toEqual([
      {
        a: 5,
        gone: null,
        yes: true,
        big: '12345678901234',
        doc: { k: [1] },
        at: '2026-11-22T01:02:03Z',
        day: '2026-11-22',
        price: '1.50',
        list: ['p', null],
      },
    ]);
  });

  it('cuts long values in the database and shows at most 40 columns, the named ones among them', async () => {
    const wide = Array.from({ length: 60 }, (_, i) => `repeat('€', ${i === 0 ? 2e6 : 300}) AS c${i}`).join(
      ', ',
    );
    const result = await check(`SELECT ${wide}, NULL::int AS last`, { kind: 'not_null', columns: ['last'] });
    const [row = {}] = result.failingRows;
    expect(Object.keys(row)).toHaveLength(40);
    expect(row).toMatchObject({ c0: `${'€'.repeat(200)}…`, last: null });
  });

  it('shows a row whose query gives one name twice', async () => {
    const sql = 'SELECT s.a, t.a, 7 FROM sales s, sales t';
    expect((await check('SELECT 1 AS a', { kind: 'sql', sql })).failingRows).toEqual([
      { a: 1, a_2: 1, '?column?': 7 },
    ]);
  });

  it.each([
    ['errs', { sql: 'SELECT 1 / (a - 1) AS x FROM sales' }, 'It could not be checked. Division by zero.'],
    [
      'names a column that is not there',
      { sql: 'SELECT b FROM sales' },
      'It could not be checked. Column "b" does not exist.',
    ],
    [
      'names a model that is not there',
      { sql: 'SELECT * FROM sale' },
      'It could not be checked. There is no model "sale" in this project. Did you mean "sales"?',
    ],
    [
      'reads what has no data yet',
      { sql: 'SELECT * FROM unbuilt' },
      'It could not be checked. unbuilt, which the guard reads, has no data yet.',
    ],
    [
      'would change data',
      { sql: 'DELETE FROM sales' },
      'It could not be checked. Only queries can run here: begin with SELECT, WITH, VALUES or TABLE.',
    ],
    [
      'takes parameters',
      { sql: 'SELECT $1' },
      "It could not be checked. A guard's query takes no parameters such as $1.",
    ],
  ])('has failed, with a sentence, when its own query %s', async (_, { sql }, message) => {
    const result = await check('SELECT 1 AS a FROM generate_series(1, 2)', { kind: 'sql', sql });
    expect(result).toMatchObject({ ok: false, message, failingRows: [] });
  });

  it('has failed when its query takes too long', async () => {
    const sql = 'SELECT count(*) FROM generate_series(1, 1e12) HAVING count(*) > 0';
    const guard = { kind: 'sql', sql } as const;
    expect(await check('SELECT 1 AS a', guard, {}, { statementTimeoutMs: 50 })).toMatchObject({
      ok: false,
      message: expect.stringContaining('could not be checked: the query took longer than'),
    });
  });

  it('are stopped in the database by the signal, which fails no guard', async () => {
    const abort = new AbortController();
    const sql = 'SELECT count(*) FROM generate_series(1, 2e12) HAVING count(*) > 0';
    const failure = expect(
      check('SELECT 1 AS a', { kind: 'sql', sql }, {}, { signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await waitFor(async () => (await running('2e12')) > 0, { what: 'the guard to run' });
    abort.abort();
    await failure;
    expect(await running('2e12')).toBe(0);
  });

  it('allow an empty result where that is wished', async () => {
    expect(
      await check('SELECT 1 AS a WHERE false', { kind: 'not_empty' }, { allowEmpty: true }),
    ).toMatchObject({ ok: true });
  });

  it('have nothing to compare a first version with', async () => {
    const guard = { kind: 'row_change', percent: 1 } as const;
    expect(await check('SELECT 1 AS a', guard, { rowsBefore: null })).toMatchObject({ ok: true });
  });
});

const running = async (text: string): Promise<number> => {
  const { rows } = await postgres.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND strpos(query, $1) > 0`,
    [text],
  );
  return rows[0]?.n ?? 0;
};
