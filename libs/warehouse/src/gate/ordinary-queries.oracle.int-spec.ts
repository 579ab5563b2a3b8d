import { usePostgres } from '@freshet/testing';

import { crm } from './query-cases/crm';
import { marketing } from './query-cases/marketing';
import { createOracle, type Oracle } from './query-cases/oracle';
import { charts, shapes } from './query-cases/shapes';
import { tables } from './query-cases/tables';
import { values } from './query-cases/values';
import { createQueryProject, type QueryProject } from './query-fixture';

const postgres = usePostgres();

/** ORDER BY outside of all parentheses: the order of the rows is part of the answer. */
const isOrdered = (sql: string): boolean => {
  let outside = sql.replaceAll(/'[^']*'/g, '');
  for (let before = ''; before !== outside; outside = outside.replaceAll(/\([^()]*\)/g, '')) before = outside;
  return /order by/i.test(outside);
};

const sorted = (rows: unknown[][]): string[] => rows.map((row) => JSON.stringify(row)).sort();

describe("analysts' queries give what PostgreSQL gives for the same text over plain tables", () => {
  let project: QueryProject;
  let oracle: Oracle;

  beforeAll(async () => {
    project = await createQueryProject(postgres);
    oracle = await createOracle(postgres.url, Object.keys(tables), project.physical);
  });
  afterAll(async () => {
    await oracle.end();
    await project.remove();
  });

  it('are many', () => {
    const all = [...marketing, ...crm, ...values, ...shapes, ...charts];
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(300);
  });

  describe.each([
    ['of marketing', marketing],
    ['of a CRM', crm],
    ['with functions', values],
    ['in many shapes', shapes],
    ['as charts write them', charts],
  ])('%s', (_, queries) => {
    it.each(queries)('%s', async (sql) => {
      const [{ rows }, right] = await Promise.all([project.run(sql, { maxRows: 10_000 }), oracle.rows(sql)]);
      expect(right.length).toBeGreaterThan(0);
      if (isOrdered(sql)) expect(rows).toEqual(right);
      else expect(sorted(rows)).toEqual(sorted(right));
    });
  });
});
