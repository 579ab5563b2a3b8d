import { usePostgres } from '@freshet/testing';

import { createQueryProject, type QueryProject } from '../gate/query-fixture';
import { createReaders, type Readers } from './create-readers';
import type { ReaderOptions } from './reader-types';

const postgres = usePostgres();
const megabyte = 1024 * 1024;

/** Products of numbers of 60,000 digits in one row: PostgreSQL looks at its timeout only when all of them are done. */
const uninterruptible = (products: number): string =>
  `SELECT ${Array(products).fill('a * a').join(' > 0 AND ')} > 0 FROM (SELECT repeat('9', 60000)::numeric AS a OFFSET 0) t`;

describe('limits of readers', () => {
  let project: QueryProject;
  const opened: Readers[] = [];

  beforeAll(async () => {
    project = await createQueryProject(postgres);
  });
  afterAll(async () => {
    await Promise.all(opened.map((readers) => readers.close()));
    await project.remove();
  });

  const readersWith = (options: Partial<ReaderOptions>): Readers => {
    const readers = createReaders({ ...project.readerOptions, ...options });
    opened.push(readers);
    return readers;
  };
  const active = async (): Promise<number> => {
    const { rows } = await postgres.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE application_name = 'freshet reader' AND datname = current_database() AND state = 'active'`,
    );
    return rows[0]?.n ?? 0;
  };

  it('answer in time for a query that PostgreSQL cannot stop, and run no other one in its place', async () => {
    const readers = readersWith({ poolSize: 1, graceMs: 50 });
    const heavy = await project.bind(uninterruptible(30));
    const light = await project.bind('SELECT 1');
    const limits = { maxRows: 10, maxBytes: megabyte, timeoutMs: 100 };
    await readers.query('1', light, { ...limits, timeoutMs: 10_000 });
    const began = performance.now();
    await expect(readers.query('1', heavy, limits)).rejects.toMatchObject({ code: 'sql_timeout' });
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await active()).toBe(1);
    // The connection is still at work, and there is but one.
    await expect(readers.query('1', light, limits)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('busy') as string,
    });
    expect(await active()).toBe(1);
    const { rows } = await readers.query('1', light, { ...limits, timeoutMs: 60_000 });
    expect(rows).toEqual([[1]]);
    expect(await active()).toBe(0);
  }, 90_000);

  it('wait no longer for a connection than the query may take', async () => {
    const readers = readersWith({ poolSize: 1 });
    const slow = await project.bind(
      `SELECT count(*) FROM big WHERE repeat(code, 200) ~ '(.*)\\1(.*)\\2(.*)\\3x'`,
    );
    const limits = { maxRows: 10, maxBytes: megabyte };
    const running = readers.query('1', slow, { ...limits, timeoutMs: 1_500 });
    const waiting = readers.query('1', await project.bind('SELECT 1'), { ...limits, timeoutMs: 100 });
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    await expect(running).rejects.toMatchObject({ code: 'sql_timeout' });
  });

  it('break large results off when all together are too large, and leave small ones alone', async () => {
    const readers = readersWith({ poolSize: 8, maxBytesTogether: 6 * megabyte });
    const large = await project.bind(`SELECT repeat(code, 100) FROM big`);
    const limits = { maxRows: 1_000_000, maxBytes: 5 * megabyte, timeoutMs: 60_000 };
    const failures = Array.from({ length: 6 }, () =>
      readers.query('1', large, limits).catch((error: unknown) => (error as { code: string }).code),
    );
    const small = readers.query('1', await project.bind('SELECT n FROM big WHERE n < 1000'), limits);
    expect((await small).rows).toHaveLength(999);
    const codes = await Promise.all(failures);
    // Who is alone by then may still meet its own limit; together they may not all.
    expect(codes).toContain('unavailable');
    expect(codes.filter((code) => !['unavailable', 'result_too_large'].includes(String(code)))).toEqual([]);
    // What was counted is given back.
    expect(
      (await readers.query('1', await project.bind(`SELECT repeat('x', 4000000)`), limits)).rows,
    ).toHaveLength(1);
  }, 90_000);

  it('bound the memory of this process, whatever many queries send at once', async () => {
    const readers = readersWith({ poolSize: 6, maxBytesTogether: 40 * megabyte });
    const hostile = [
      `SELECT repeat(repeat(code, 1000), 2000) FROM big`,
      `SELECT code, code, code, code, n FROM big a`,
      `SELECT array_agg(code) FROM big, generate_series(1, 3)`,
      `SELECT ('[' || repeat('{},', 5000000) || '{}]')::json`,
      `SELECT repeat(repeat('x', 1000), 20000)::int`,
      `SELECT ${Array(1_600).fill('n').join(', ')} FROM big`,
    ];
    const limits = { maxRows: 10_000, maxBytes: 16 * megabyte, timeoutMs: 60_000 };
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
    const ends = await Promise.all(
      hostile.map(async (sql) =>
        readers.query('1', await project.bind(sql), limits).then(
          ({ truncated }) => (truncated ? 'cut' : 'whole'),
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    );
    clearInterval(watch);
    expect(ends.filter((end) => end === 'whole')).toEqual([]);
    expect(Math.round((peak - before) / megabyte)).toBeLessThan(400);
  }, 90_000);

  it('keep to their own settings when those of the database would deceive the gate', async () => {
    // Where a backslash quotes a quotation mark, what the gate takes for a text is code.
    const deceiving = `SELECT '\\', '||(SELECT secret FROM p_2.secret)||' AS x --'`;
    await postgres.pool.query(`ALTER DATABASE ${postgres.name} SET standard_conforming_strings = off`);
    try {
      const { rows } = await readersWith({}).query('1', await project.bind(deceiving), {
        maxRows: 1,
        maxBytes: megabyte,
        timeoutMs: 5_000,
      });
      expect(rows).toEqual([['\\', '||(SELECT secret FROM p_2.secret)||']]);
    } finally {
      await postgres.pool.query(`ALTER DATABASE ${postgres.name} RESET standard_conforming_strings`);
    }
  });
});
