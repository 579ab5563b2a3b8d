import type { Guard } from '@freshet/contracts';
import { usePostgres } from '@freshet/testing';
import { runGuards } from './guards';
import { modelId, projectId, useProject } from './project-under-test';
import { qualifiedVersion } from './version';

const { build, asSystem } = useProject(usePostgres());

describe('guards', () => {
  const check = async (text: string, guard: Omit<Guard, 'severity'>, more = {}) => {
    const { version, rowCount } = await build(text);
    const table = qualifiedVersion({ projectId, modelId, version });
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
