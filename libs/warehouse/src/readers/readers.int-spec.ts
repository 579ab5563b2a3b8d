import fc from 'fast-check';

import { usePostgres, waitFor } from '@freshet/testing';

import { createQueryProject, type QueryProject } from '../gate/query-fixture';
import { createReaders } from './create-readers';

const postgres = usePostgres();

describe('readers', () => {
  let project: QueryProject;

  beforeAll(async () => {
    project = await createQueryProject(postgres, { maxPools: 1, poolSize: 2, maxCost: 5_000_000 });
    // Makes parallel plans cheap, so that small tables show them.
    await postgres.pool.query(`ALTER DATABASE ${postgres.name} SET parallel_setup_cost = 0;
      ALTER DATABASE ${postgres.name} SET parallel_tuple_cost = 0;
      ALTER DATABASE ${postgres.name} SET min_parallel_table_scan_size = 0`);
  });
  afterAll(() => project.remove());

  const failure = async (sql: string): Promise<unknown> => {
    try {
      return await project.run(sql);
    } catch (error) {
      return error;
    }
  };

  it('names columns and their types as PostgreSQL does', async () => {
    const { columns } = await project.run(
      `SELECT amount, amount::numeric(10,2) AS price, id, ordered_at, items, ARRAY[status] AS "the tags", count(*) OVER () FROM orders LIMIT 0`,
    );
    expect(columns).toEqual([
      { name: 'amount', type: 'numeric' },
      { name: 'price', type: 'numeric(10,2)' },
      { name: 'id', type: 'integer' },
      { name: 'ordered_at', type: 'timestamp with time zone' },
      { name: 'items', type: 'jsonb' },
      { name: 'the tags', type: 'text[]' },
      { name: 'count', type: 'bigint' },
    ]);
    const described = await project.readers.describe('1', await project.bind('TABLE staff'), {
      timeoutMs: 5_000,
    });
    expect(described.map(({ type }) => type)).toEqual(['integer', 'integer', 'text']);
  });

  it.each([
    [4, false],
    [5, false],
    [3, true],
    [0, true],
  ])('gives at most %i of four rows, truncated: %p', async (maxRows, truncated) => {
    const result = await project.run('SELECT id FROM staff ORDER BY id', { maxRows });
    expect(result).toMatchObject({ truncated, rows: [[1], [2], [3], [4]].slice(0, maxRows) });
  });

  describe('a query that PostgreSQL runs in parallel', () => {
    const sql = 'SELECT n, code FROM big WHERE part < 50';

    it('gets its workers', async () => {
      const estimate = await project.readers.explain('1', await project.bind(sql), { timeoutMs: 5_000 });
      expect(estimate.parallel).toBe(true);
      const running = project.run(`SELECT count(*) FROM big WHERE repeat(code, 20) ~ '(aa|bb).*c$'`, {
        timeoutMs: 20_000,
      });
      await waitFor(async () => {
        const { rowCount } = await postgres.pool.query(
          `SELECT FROM pg_stat_activity WHERE backend_type = 'parallel worker' AND datname = current_database()`,
        );
        return rowCount;
      });
      await running;
    }, 30_000);

    it('is cut off at the cap of rows', async () => {
      const { rows, truncated, columns } = await project.run(sql, { maxRows: 10 });
      expect({ rows: rows.length, truncated }).toEqual({ rows: 10, truncated: true });
      expect(columns.map(({ type }) => type)).toEqual(['integer', 'text']);
      expect(await project.run('SELECT 1')).toMatchObject({ rows: [[1]] });
    });

    it.each([
      'SELECT n FROM big ORDER BY code, n LIMIT 1000',
      'SELECT n FROM big WHERE part = 7 ORDER BY code DESC',
      'WITH big AS (SELECT * FROM big WHERE part < 9) SELECT n FROM big ORDER BY md5(code)',
      'WITH a AS (SELECT * FROM big WHERE part = 1) (SELECT n FROM a UNION ALL SELECT n FROM big WHERE part = 2) ORDER BY n DESC',
      'SELECT part FROM big GROUP BY part ORDER BY sum(n) % 13, part',
    ])('keeps its own order: %s', async (ordered) => {
      // The same query over the physical table as the superuser, without any binding.
      const bare = ordered.replace(/\bbig\b(?= WHERE| ORDER| GROUP)/g, (name, at: number) =>
        ordered.startsWith('WITH big') && at > 60 ? name : `${project.physical('big')} AS big`,
      );
      const { rows } = await postgres.pool.query<unknown[]>({ text: bare, rowMode: 'array' });
      expect(rows.length).toBeGreaterThan(50);
      expect((await project.run(ordered, { maxRows: 1_000_000 })).rows).toEqual(rows);
    });
  });

  describe('an error', () => {
    it.each([
      ['SELECT sesions FROM ga_main.traffic', 'sesions', 'Column "sesions" does not exist.'],
      [
        `SELECT 'é😀', traffic.sesions FROM ga_main.traffic`,
        'traffic.sesions',
        'Column traffic.sesions does not exist.',
      ],
      [
        'SELECT channel, ga_main.traffic.sesions FROM ga_main.traffic',
        'ga_main.traffic.sesions',
        'Column traffic.sesions does not exist.',
      ],
      [
        'WITH staff AS (SELECT * FROM staff) SELECT * FROM staff, ga_main.traffic WHERE staff.nme = 1',
        'staff.nme',
        'Column staff.nme does not exist.',
      ],
      [`SELECT date '2024-13-01'`, `'2024-13-01'`, 'Date/time field value out of range: "2024-13-01".'],
      ['SELECT abs(name) FROM staff', 'abs', 'Function abs(text) does not exist.'],
      [
        'SELECT name, count(*) FROM staff',
        'name',
        'Column "staff.name" must appear in the GROUP BY clause or be used in an aggregate function.',
      ],
      [
        'SELECT t.sessions FROM ga_main.trafic AS t',
        'ga_main.trafic',
        'There is no table "ga_main.trafic" in this project. Did you mean "ga_main.traffic"?',
      ],
      [
        'SELECT * FROM traffic',
        'traffic',
        'There is no model "traffic" in this project. Did you mean "ga_main.traffic" or "ga_shop.traffic"?',
      ],
      [
        'SELECT * FROM customer',
        'customer',
        'There is no model "customer" in this project. Did you mean "customers"?',
      ],
      ["SELECT '😀' || nme FROM staff", 'nme', 'Column "nme" does not exist.'],
    ])('in %j is placed at %j', async (sql, at, message) => {
      expect(await failure(sql)).toMatchObject({ message, details: { position: sql.indexOf(at) } });
    });

    it("carries PostgreSQL's hint as what to do", async () => {
      expect(await failure('SELECT nme FROM staff')).toMatchObject({
        code: 'sql_failed',
        details: { action: expect.stringContaining('name') as string },
      });
    });

    it('while rows arrive has no place, but is told', async () => {
      expect(await failure('SELECT sum(1 / (n - 150000)) FROM big')).toMatchObject({
        code: 'sql_failed',
        message: 'Division by zero.',
      });
    });

    it('of a table that was swept meanwhile asks to try again', async () => {
      const bound = await project.bind('TABLE staff');
      const gone = { ...bound, text: bound.text.replace(project.physical('staff'), '"p_1"."m_9_v1"') };
      const run = project.readers.query('1', gone, { maxRows: 1, maxBytes: 1_000_000, timeoutMs: 5_000 });
      await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  it('refuses by cost with numbers, and lets ordinary work over millions of rows pass', async () => {
    expect(await failure('SELECT count(*) FROM big a JOIN big b ON a.code <> b.code')).toMatchObject({
      code: 'sql_too_costly',
      details: { extra: { maxCost: 5_000_000 } },
    });
    const { rows } = await project.run(
      `SELECT part, count(*), sum(count(*)) OVER (ORDER BY part) FROM (SELECT a.part FROM big a JOIN big b USING (code), generate_series(1, 10)) j GROUP BY part ORDER BY 1 LIMIT 1`,
    );
    expect(rows).toEqual([[0, '20000', '20000']]);
  });

  it('connects as many times as allowed, whatever is asked at once', async () => {
    const runs = Array.from({ length: 12 }, (_, i) => project.run(`SELECT count(*) + ${i} FROM big`));
    expect((await Promise.all(runs)).map(({ rows }) => rows[0]?.[0])).toEqual(
      runs.map((_, i) => String(200_000 + i)),
    );
    const { rows } = await postgres.pool.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'freshet reader' AND datname = current_database()`,
    );
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('gives up the least recently used project for another, and comes back', async () => {
    const other = await project.bind('SELECT 1');
    const limits = { maxRows: 10, maxBytes: 1_000_000, timeoutMs: 10_000 };
    const runs = ['1', '2', '1', '2', '2', '1'].map((id) => project.readers.query(id, other, limits));
    for (const { rows } of await Promise.all(runs)) expect(rows).toEqual([[1]]);
  });

  it("can't read another project, even if a name were bound to it", async () => {
    const bound = await project.bind('TABLE staff');
    const foreign = { ...bound, text: 'SELECT * FROM p_2.secret' };
    const run = project.readers.query('1', foreign, { maxRows: 1, maxBytes: 1_000_000, timeoutMs: 5_000 });
    await expect(run).rejects.toMatchObject({
      code: 'sql_failed',
      message: expect.stringContaining('ermission denied') as string,
    });
  });

  it('survives connections that the server ends', async () => {
    await project.run('SELECT 1');
    await postgres.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'freshet reader' AND datname = current_database()`,
    );
    await waitFor(async () => (await project.run('SELECT 1').catch(() => undefined)) !== undefined);
  });

  it('says unavailable when the server cannot be reached', async () => {
    const nowhere = createReaders({
      connection: { host: '127.0.0.1', port: 1, database: 'none' },
      installation: 'none',
      masterKey: 'none',
      maxPools: 1,
      poolSize: 1,
    });
    const run = nowhere.query('1', await project.bind('SELECT 1'), {
      maxRows: 1,
      maxBytes: 1_000,
      timeoutMs: 1_000,
    });
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
    await nowhere.close();
  });

  it('gives any text, number and JSON back as it was', async () => {
    const noNull = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(noNull),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        async (texts, integer, double) => {
          const { rows } = await project.run('SELECT $1::text[], $2::int, $3::float8, to_jsonb($1::text[])', {
            params: [texts, integer, double],
          });
          expect(rows).toEqual([[texts, integer, double === 0 ? 0 : double, texts]]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
