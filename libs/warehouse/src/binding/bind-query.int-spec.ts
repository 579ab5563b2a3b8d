import fc from 'fast-check';
import { DatabaseError } from 'pg';

import { FreshetError } from '@freshet/contracts';
import { usePostgres } from '@freshet/testing';

import { parseQuery } from '../gate/parse-query';
import { bindQuery } from './bind-query';

const postgres = usePostgres();

/** Everything is called `a` or `b`, so that names meet, shadow and capture each other as often as possible. */
const letter = fc.constantFrom('a', 'b');
const table = fc.oneof(
  letter,
  fc.tuple(letter, letter).map((name) => name.join('.')),
);
const column = fc.oneof(
  table.map((name) => `${name}.x`),
  fc.constant('x'),
);

const { query } = fc.letrec<{ query: string; from: string; condition: string }>((tie) => ({
  from: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 4, arbitrary: table },
    fc.tuple(table, letter).map(([name, alias]) => `${name} AS ${alias}`),
    fc
      .tuple(tie('from'), tie('from'), tie('condition'))
      .map(([left, right, on]) => `(${left} JOIN ${right} ON ${on})`),
    fc
      .tuple(fc.constantFrom('', 'LATERAL '), tie('query'), letter)
      .map(([lateral, inner, alias]) => `${lateral}(${inner}) AS ${alias} (x)`),
  ),
  condition: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constant('true'),
    fc.tuple(column, column).map(([left, right]) => `${left} <> ${right}`),
    tie('query').map((inner) => `EXISTS (${inner})`),
  ),
  query: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    {
      weight: 4,
      arbitrary: fc
        .tuple(column, tie('from'), tie('condition'))
        .map(([shown, from, where]) => `SELECT ${shown} FROM ${from} WHERE ${where}`),
    },
    table.map((name) => `TABLE ${name}`),
    fc
      .tuple(fc.constantFrom('', 'RECURSIVE '), letter, tie('query'), tie('query'))
      .map(([recursive, name, inner, outer]) => `(WITH ${recursive}${name} (x) AS (${inner}) ${outer})`),
    fc.tuple(tie('query'), tie('query')).map(([left, right]) => `(${left}) UNION ALL (${right})`),
  ),
}));

describe('binding, against PostgreSQL itself', () => {
  beforeAll(async () => {
    // The names as real schemas and tables, and the same content under the physical names that they are bound to.
    await postgres.pool.query(
      ['a.a', 'a.b', 'b.a', 'b.b', 'm.a', 'm.b']
        .map(
          (name) => `CREATE SCHEMA IF NOT EXISTS ${name.split('.')[0]};
          CREATE TABLE ${name} AS SELECT '${name}' AS x;
          CREATE SCHEMA IF NOT EXISTS p_1; CREATE TABLE p_1.${name.replace('.', '_')} AS TABLE ${name};`,
        )
        .join('\n'),
    );
  });

  type Answer = string[] | 'error' | 'undecided';

  /**
   * Sorted rows, or 'error' when the query means nothing. Undecided are queries that recurse for ever, and two things of
   * one name in one FROM, which PostgreSQL refuses even where the source tells them apart; binding needn't.
   */
  const answer = async (sql: string, searchPath: string): Promise<Answer> => {
    const client = await postgres.pool.connect();
    try {
      await client.query(`SET search_path = ${searchPath}; SET statement_timeout = 1000`);
      const text = `SELECT DISTINCT x FROM (SELECT x FROM (${sql}\n) AS q (x) LIMIT 1000) AS rows_shown`;
      const { rows } = await client.query<[string]>({ text, rowMode: 'array' });
      return rows.map(([x]) => x).sort();
    } catch (error) {
      const undecided = error instanceof DatabaseError && /42712|57014/.test(error.code ?? '');
      return undecided ? 'undecided' : 'error';
    } finally {
      client.release();
    }
  };

  it('gives every query the meaning it has where sources are schemas and models are tables', async () => {
    let meaningful = 0;
    await fc.assert(
      fc.asyncProperty(query, async (sql) => {
        const expected = await answer(sql, 'm');
        if (expected === 'undecided') return;
        if (expected !== 'error') meaningful++;
        const bound = async (): Promise<Answer> => {
          const { text } = bindQuery(await parseQuery(sql), ({ name }) => {
            const id = (name.length > 1 ? name : ['m', ...name]).join('_');
            return { kind: name.length > 1 ? 'table' : 'model', id, physical: `p_1.${id}` };
          });
          return answer(text, 'pg_catalog');
        };
        const seen = await bound().catch((error: unknown) => {
          if (error instanceof FreshetError) return 'error' as const;
          throw error;
        });
        if (seen !== 'undecided') expect(seen).toEqual(expected);
      }),
      { numRuns: 600 },
    );
    expect(meaningful).toBeGreaterThan(100);
  }, 60_000);
});
