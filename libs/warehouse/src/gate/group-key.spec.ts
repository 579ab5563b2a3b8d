import { parseQuery } from './parse-query';

const keyOf = async (sql: string): Promise<number[]> => (await parseQuery(sql)).groupKey;

describe('the key that a query groups by', () => {
  it.each([
    ['places in the result', 'SELECT a, b, sum(c) FROM t GROUP BY 1, 2', [0, 1]],
    ['columns', 'SELECT sum(c) AS c, t.a FROM t GROUP BY t.a ORDER BY 1 LIMIT 5', [1]],
    [
      'expressions',
      "SELECT date_trunc('month', d) AS m, count(*) FROM t GROUP BY date_trunc('month', d)",
      [0],
    ],
    [
      'columns, of a query that begins with WITH',
      'WITH x AS (SELECT 1 AS a) SELECT a, a + 1 FROM x GROUP BY a',
      [0],
    ],
    ['a place twice', 'SELECT a, count(*) FROM t GROUP BY 1, a', [0]],
  ])('is that of %s', async (_, sql, key) => {
    expect(await keyOf(sql)).toEqual(key);
  });

  it.each([
    ['there is no GROUP BY', 'SELECT a FROM t'],
    ['a column of the group is not shown', 'SELECT sum(c) FROM t GROUP BY a'],
    ['one of two is not shown', 'SELECT a, sum(c) FROM t GROUP BY a, b'],
    ['a function may give several rows', 'SELECT a, unnest(array_agg(c)) FROM t GROUP BY a'],
    ['an inner function may', 'SELECT a, 1 + generate_series(1, max(c)) FROM t GROUP BY 1'],
    ['a name may be of the result or of the table', 'SELECT lower(a) AS a, count(*) FROM t GROUP BY a'],
    ['results are added to each other', 'SELECT a FROM t GROUP BY a UNION ALL SELECT a FROM t GROUP BY a'],
    ['rows are of several groupings', 'SELECT a, count(*) FROM t GROUP BY ROLLUP (a)'],
    ['places are not known', 'SELECT t.*, count(*) FROM t GROUP BY 1'],
    ['a composite value is unfolded', 'SELECT (max(c)).*, a FROM t GROUP BY 2'],
  ])('is not told when %s', async (_, sql) => {
    expect(await keyOf(sql)).toEqual([]);
  });
});
