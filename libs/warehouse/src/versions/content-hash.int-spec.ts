import { usePostgres } from '@freshet/testing';
import { hashContent } from './content-hash';
import { preflightColumns } from './preflight';

const postgres = usePostgres();

const hash = async (query: string): Promise<string> => {
  const client = await postgres.pool.connect();
  try {
    const columns = await preflightColumns(client, query);
    return (await hashContent(client, `(${query})`, columns)).contentHash;
  } finally {
    client.release();
  }
};

describe('the fingerprint of rows', () => {
  const rows = 'SELECT i AS id, i / 3.0 AS part, NULLIF(i, 5)::text AS name FROM generate_series(1, 500) i';

  it('does not depend on their order', async () => {
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
  ])('changes with %s', async (_, changed) => {
    expect(await hash(changed)).not.toBe(await hash(rows));
  });

  it('changes when two rows swap one value, whichever they are', async () => {
    const swapped = Array.from({ length: 20 }, (_, i) => [2 * i + 1, 2 * i + 2]).map(([a, b]) =>
      hash(
        `SELECT CASE id WHEN ${a} THEN ${b} WHEN ${b} THEN ${a} ELSE id END AS id, part, name FROM (${rows}) x`,
      ),
    );
    expect(new Set([...(await Promise.all(swapped)), await hash(rows)]).size).toBe(21);
  });

  it.each([
    ['0::bigint', '4294967297::bigint'],
    ["timestamptz '2000-01-01Z'", "timestamptz '2000-01-01Z' + interval '4294967297 microseconds'"],
    ["''", 'NULL::text'],
    ["'-0'::float8", '0::float8'],
  ])('tells %s from %s', async (a, b) => {
    expect(await hash(`SELECT ${a} AS v`)).not.toBe(await hash(`SELECT ${b} AS v`));
  });

  it('sees rows that come in pairs', async () => {
    expect(await hash('SELECT 1 AS a UNION ALL SELECT 1')).not.toBe(
      await hash('SELECT 2 AS a UNION ALL SELECT 2'),
    );
  });

  it('takes every type, and a result without rows', async () => {
    const odd = `SELECT '{"a": 1}'::json AS j, point(1, 2) AS p, ARRAY[1, 2] AS l, interval '1 day' AS i, 'x'::xml AS x, '{}'::jsonb AS b`;
    expect(await hash(odd)).toBe(await hash(odd));
    expect(await hash('SELECT 1 AS a WHERE false')).toBe('0:0:0');
  });
});
