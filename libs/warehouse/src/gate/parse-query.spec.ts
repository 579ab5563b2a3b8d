import { FreshetError } from '@freshet/contracts';

import type { ParsedQuery } from './parsed-query';
import { parseQuery } from './parse-query';

const refusal = async (sql: string): Promise<FreshetError> => {
  try {
    await parseQuery(sql);
  } catch (error) {
    if (error instanceof FreshetError) return error;
    throw error;
  }
  throw new Error('The query was let through.');
};

const written = ({ text, relations }: ParsedQuery): string[] =>
  relations.map(({ site }) => text.slice(site.start, site.end));

describe('the gate', () => {
  it.each<[string, string[]]>([
    ['SELECT 1', []],
    ['SELECT * FROM orders, ga.traffic', ['orders', 'ga.traffic']],
    ['WITH o AS (SELECT * FROM orders) SELECT * FROM o', ['orders']],
    ['WITH orders AS (SELECT 1) SELECT * FROM orders', []],
    ['WITH orders AS (SELECT 1) SELECT * FROM ga.orders', ['ga.orders']],
    ['WITH orders AS (SELECT * FROM orders) SELECT * FROM orders', ['orders']],
    ['WITH RECURSIVE orders AS (SELECT 1 UNION ALL SELECT * FROM orders) SELECT * FROM orders', []],
    ['WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a, b', ['b']],
    ['WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a, b', []],
    ['SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a', ['a']],
    ['(WITH a AS (SELECT 1) SELECT * FROM a) UNION SELECT * FROM a', ['a']],
    ['WITH a AS (SELECT 1) SELECT * FROM a UNION SELECT * FROM a ORDER BY (SELECT 1 FROM a)', []],
    [
      'SELECT (SELECT 1 FROM a) FROM b WHERE EXISTS (TABLE c) ORDER BY (SELECT 1 FROM d) LIMIT (SELECT 1 FROM e)',
      ['a', 'b', 'c', 'd', 'e'],
    ],
    ['VALUES ((SELECT 1 FROM a))', ['a']],
    [
      'SELECT sum(1) FILTER (WHERE EXISTS (SELECT FROM a)) OVER (ORDER BY (SELECT 1 FROM b)) FROM c',
      ['a', 'b', 'c'],
    ],
    ['SELECT * FROM a LEFT JOIN (b CROSS JOIN c) ON EXISTS (SELECT FROM d)', ['a', 'b', 'c', 'd']],
    ['SELECT * FROM generate_series(1, (SELECT 1 FROM a)), LATERAL (SELECT * FROM b) x', ['a', 'b']],
    [
      'SELECT * FROM ONLY a, ONLY (b), c *, "ga" . /* x */ "d" AS e',
      ['ONLY a', 'ONLY (b)', 'c *', '"ga" . /* x */ "d"'],
    ],
    [`SELECT 'é😀', * FROM "é😀"."ß" WHERE 1 = 1`, ['"é😀"."ß"']],
  ])('finds what %j reads', async (sql, relations) => {
    expect(written(await parseQuery(sql)).toSorted()).toEqual(relations.toSorted());
  });

  it.each([
    ['SELECT now()', true],
    ['SELECT CURRENT_DATE', true],
    ['SELECT LOCALTIMESTAMP(0)', true],
    ['SELECT pg_catalog.random()', true],
    [`SELECT * FROM a WHERE d = 'today'`, true],
    [`SELECT date ' Yesterday '`, true],
    ['SELECT age(d) FROM a', true],
    ['SELECT age(d, e) FROM a', false],
    ['SELECT (d).age FROM a', true],
    [`SELECT 'nowhere', 'todays', date '2024-01-01', age FROM a`, false],
  ])('knows whether the clock changes the answer of %j: %p', async (sql, usesClock) => {
    expect((await parseQuery(sql)).usesClock).toBe(usesClock);
  });

  it.each([
    ['SELECT 1', 0],
    ['SELECT $2, $1, $2', 2],
    [`SELECT '$9', $$ $8 $$, "$7" FROM a WHERE b = $3`, 3],
  ])('counts the parameters of %j: %i', async (sql, parameterCount) => {
    expect((await parseQuery(sql)).parameterCount).toBe(parameterCount);
  });

  it.each([
    ['SELECT 1 FROM', 13, 'Syntax error at end of input.'],
    ['SELEC 1', 0, 'Syntax error at or near "SELEC".'],
    [`SELECT '😀' FROM a WHERE ) `, 25, 'Syntax error at or near ")".'],
    [`SELECT 'é😀', pg_sleep(1)`, 14, 'The function "pg_sleep" can\'t be used in queries.'],
    [`SELECT 'é😀' FROM pg_class`, 18, "PostgreSQL's own tables can't be read in queries."],
    [`SELECT 'é😀'::regclass`, 14, 'The type "regclass" can\'t be used in queries.'],
    [
      'SELECT 1; /* é */ SELECT 2',
      18,
      'Only one statement can run here: leave out what follows the semicolon.',
    ],
    ['/* x */ DROP TABLE a', 8, 'Only queries can run here: begin with SELECT, WITH, VALUES or TABLE.'],
    ['SELECT a INTO b FROM c', 14, "SELECT INTO can't be used: make the query a model instead."],
    [
      'SELECT a.x FROM p.a, q.a',
      7,
      '"a" could mean several tables here: write the source too, or give the tables aliases.',
    ],
    ['SELECT 1 \u0001', 9, 'The query contains a control character: delete it.'],
    ['SELECT \0', 7, 'The query contains a control character: delete it.'],
  ])('says where in %j it stumbles', async (sql, position, message) => {
    expect(await refusal(sql)).toMatchObject({ code: 'sql_refused', message, details: { position } });
  });

  it.each(['', '  \n', ';', '-- nothing', '/* nothing */ ;'])('refuses %j as empty', async (sql) => {
    expect(await refusal(sql)).toMatchObject({
      code: 'sql_refused',
      message: 'The query is empty: write a SELECT.',
    });
  });

  it('goes on working after a text that exhausts the parser', async () => {
    await refusal(`SELECT ${'('.repeat(24_000)}`);
    await refusal(`SELECT 1${'+1'.repeat(24_000)}`);
    expect(written(await parseQuery('TABLE a'))).toEqual(['a']);
  });

  it('refuses halves of characters, which parser and server may read differently', async () => {
    expect(await refusal(`SELECT '\ud83d' FROM a`)).toMatchObject({ code: 'sql_refused' });
    expect(written(await parseQuery(`SELECT '\ud83d\ude00' FROM a`))).toEqual(['a']);
  });
});
