import { isDeepStrictEqual } from 'node:util';

import { toFreshetError } from '@freshet/contracts';
import { usePostgres, waitFor } from '@freshet/testing';

import { readRole } from '../names';
import { foreignTables, resources, sizes } from './query-cases/hostile-reading';
import { functions, statements } from './query-cases/hostile-syntax';
import { createQueryProject, type QueryProject } from './query-fixture';
import type { QueryLimits } from '../readers/reader-types';

const postgres = usePostgres();

describe('hostile queries are refused or contained', () => {
  let project: QueryProject;

  beforeAll(async () => {
    project = await createQueryProject(postgres);
    // Less than usual, so that it is passed sooner.
    await postgres.pool.query(
      `ALTER ROLE ${readRole(project.installation, '1')} SET temp_file_limit = '64MB'`,
    );
  });
  afterAll(() => project.remove());

  const outcome = async (
    sql: string,
    limits: Partial<QueryLimits>,
  ): Promise<{ code: string; message: string }> => {
    try {
      const { rows } = await project.run(sql, limits);
      return { code: 'answered', message: JSON.stringify(rows).slice(0, 200) };
    } catch (error) {
      const { code, message } = toFreshetError(error);
      return { code, message };
    }
  };

  it('are many', () => {
    const all = [...statements, ...functions, ...foreignTables, ...resources, ...sizes];
    expect(new Set(all.map(([, sql]) => sql)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(130);
  });

  describe.each([
    ['other statements than a query', statements, {}],
    ['functions, operators and types', functions, {}],
    ["tables that aren't its own", foreignTables, {}],
    ['more than its share', resources, { timeoutMs: 500 }],
    ['more than its share of memory', sizes, { timeoutMs: 60_000, maxBytes: 4 * 1024 * 1024 }],
  ])('%s', (_, cases, limits: Partial<QueryLimits>) => {
    it.each(cases)(
      '%s',
      async (_title, sql, code, sentence = '') => {
        const { code: seen, message } = await outcome(sql, limits);
        // Whether time or temporary files run out first is up to the machine's speed.
        const ends = code === 'sql_timeout' && seen === 'sql_too_costly' ? seen : code;
        expect({ code: seen, message }).toEqual({
          code: ends,
          message: expect.stringContaining(sentence) as string,
        });
        expect(message.length).toBeLessThan(600);
        // Nothing of another project, no physical names, roles or files, but for what the text itself says.
        const names = message.match(/of another project|p_\d\.\w+|\bt_\d+|f_\w+_read|base\/\S+/g) ?? [];
        expect(names.filter((name) => !sql.includes(name.split('.')[0] ?? name))).toEqual([]);
      },
      90_000,
    );
  });

  it('holds no more than the cap of a value of 1 GB in memory', async () => {
    await project.run('SELECT count(*) FROM staff');
    const before = process.memoryUsage().rss;
    await expect(
      project.run('SELECT repeat(repeat(code, 1000), 31250) FROM big WHERE n = 1', { timeoutMs: 30_000 }),
    ).rejects.toMatchObject({
      code: 'result_too_large',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  }, 40_000);

  it('leaves sessions that are idle, hold nothing and still are the reader', async () => {
    expect((await project.run('SELECT count(*) FROM staff')).rows).toEqual([['4']]);
    const left = async (): Promise<unknown[]> => {
      const { rows } = await postgres.pool.query(
        `SELECT state, usename AS role, (SELECT count(*)::int FROM pg_locks WHERE pg_locks.pid = activity.pid) AS locks
           FROM pg_stat_activity AS activity WHERE application_name = 'freshet reader' AND datname = current_database()`,
      );
      return rows;
    };
    const idle = { state: 'idle', role: readRole(project.installation, '1'), locks: 0 };
    await waitFor(async () => {
      const sessions = await left();
      return sessions.length > 0 && sessions.every((session) => isDeepStrictEqual(session, idle));
    });
  });

  it.each([
    ['a word of the clock', ["today'; DROP TABLE staff; --"]],
    ['a name of a table', ['p_2.secret']],
    ['an array that is none', ['{"a']],
    ['a structure', [{ toPostgres: 'DROP', a: [1, { b: null }] }]],
  ])('takes parameters as values only: %s', async (_, params) => {
    const { rows } = await project.run('SELECT $1::text IS NOT NULL', { params });
    expect(rows).toEqual([[true]]);
  });

  it('refuses to run without the parameters that the text names', async () => {
    await expect(project.run('SELECT $2::int')).rejects.toMatchObject({ code: 'sql_refused' });
    await expect(project.run('SELECT $1000000::int')).rejects.toMatchObject({ code: 'sql_refused' });
  });
});
