import fc from 'fast-check';
import { parseSync, type SelectStmt } from 'libpg-query';
import { escapeIdentifier } from 'pg';

import { findNames } from '../gate/find-relations';
import { parseQuery } from '../gate/parse-query';
import { bindQuery } from './bind-query';
import type { BoundQuery, Target } from './bound-query';

const physicalOf = (name: readonly string[]): string =>
  `m_${Buffer.from(JSON.stringify(name)).toString('hex')}`;
const resolve = ({ name }: { name: string[] }): Target => ({
  kind: name.length > 1 ? 'table' : 'model',
  id: name.join('.'),
  physical: `p_1.${name.join('_').replaceAll(/[^a-z]/g, '')}`,
});
const bind = async (sql: string): Promise<BoundQuery> => bindQuery(await parseQuery(sql), resolve);

describe('binding', () => {
  it.each([
    ['SELECT 1', 'SELECT 1'],
    [
      'SELECT * FROM daily',
      'WITH "daily" AS NOT MATERIALIZED (SELECT * FROM p_1.daily)\nSELECT * FROM daily',
    ],
    ['TABLE daily;', 'WITH "daily" AS NOT MATERIALIZED (SELECT * FROM p_1.daily)\nTABLE daily'],
    [
      'SELECT 1 FROM ga.hits h -- x',
      'WITH "ga.hits" AS NOT MATERIALIZED (SELECT * FROM p_1.gahits)\nSELECT 1 FROM "ga.hits" h -- x',
    ],
    [
      'SELECT ga.hits.d FROM ga.hits',
      'WITH "ga.hits" AS NOT MATERIALIZED (SELECT * FROM p_1.gahits)\nSELECT "hits".d FROM "ga.hits" AS "hits"',
    ],
    [
      'WITH a AS (TABLE b) TABLE a',
      'WITH "b" AS NOT MATERIALIZED (SELECT * FROM p_1.b), a AS (TABLE b) TABLE a',
    ],
    [
      'WITH a AS (TABLE a) TABLE a',
      'WITH "a #2" AS NOT MATERIALIZED (SELECT * FROM p_1.a), a AS (TABLE "a #2") TABLE a',
    ],
    [
      'WITH a AS (SELECT a.x FROM a) TABLE a',
      'WITH "a #2" AS NOT MATERIALIZED (SELECT * FROM p_1.a), a AS (SELECT a.x FROM "a #2" AS "a") TABLE a',
    ],
    [
      'SELECT * FROM p.a, q.a',
      'WITH "p.a" AS NOT MATERIALIZED (SELECT * FROM p_1.pa), "q.a" AS NOT MATERIALIZED (SELECT * FROM p_1.qa)\nSELECT * FROM "p.a", "q.a"',
    ],
    [
      'SELECT a, "p.a" FROM p.a AS "p.a"',
      'WITH "p.a #2" AS NOT MATERIALIZED (SELECT * FROM p_1.pa)\nSELECT a, "p.a" FROM "p.a #2" AS "p.a"',
    ],
  ])('turns %j into one statement whose outermost query is still the same', async (sql, text) => {
    expect((await bind(sql)).text).toBe(`${text}\n`);
  });

  it('tells tables and models read, each once', async () => {
    const { streams, models } = await bind(
      'WITH x AS (TABLE b) SELECT * FROM ga.t, a, x, (SELECT * FROM a, ga.t u) s',
    );
    expect({ streams, models }).toEqual({ streams: ['ga.t'], models: ['a', 'b'] });
  });

  it('keeps names apart that PostgreSQL would cut off at the same letter', async () => {
    const [source, stream] = ['s'.repeat(40), 't'.repeat(40)];
    const { text } = await bind(`SELECT * FROM ${source}.${stream}_a x, ${source}.${stream}_b y`);
    const statement = onlySelect(text);
    const expressions = (statement.withClause?.ctes ?? []).map((node) =>
      'CommonTableExpr' in node ? node.CommonTableExpr.ctename : '',
    );
    expect(new Set(expressions).size).toBe(2);
  });

  const onlySelect = (text: string): SelectStmt => {
    const node = parseSync(text).stmts?.[0]?.stmt;
    if (!node || !('SelectStmt' in node)) throw new Error('This is no SELECT.');
    return node.SelectStmt;
  };

  describe('of generated queries', () => {
    const letters = fc.constantFrom('a', 'b', 'A', 'ä', '😀', ' ', '.', '"', '-', '$', '*');
    const identifier = fc.oneof(
      fc.constantFrom('a', 'b', 'c'),
      fc.string({ unit: letters, minLength: 1, maxLength: 4 }),
    );
    const tableName = fc
      .tuple(fc.option(identifier, { nil: undefined }), identifier)
      .map(([source, name]) => (source === undefined ? [name] : [source, name]));
    const spell = (name: readonly string[]): string => name.map(escapeIdentifier).join(' /* . */ . ');
    const { query } = fc.letrec<{ query: string; from: string }>((tie) => ({
      from: fc.oneof(
        { maxDepth: 3 },
        tableName.map(spell),
        fc
          .tuple(tableName, identifier)
          .map(([name, alias]) => `${spell(name)} AS ${escapeIdentifier(alias)}`),
        tableName.map((name) => `ONLY (${spell(name)})`),
        fc
          .tuple(tie('query'), identifier)
          .map(([inner, alias]) => `LATERAL (${inner}) ${escapeIdentifier(alias)}`),
        fc.tuple(tie('from'), tie('from')).map(([left, right]) => `${left} CROSS JOIN ${right}`),
      ),
      query: fc.oneof(
        { maxDepth: 3 },
        tableName.map((name) => `TABLE ${spell(name)}`),
        fc
          .tuple(tableName, tie('from'))
          .map(([name, from]) => `SELECT ${spell([...name, 'x'])}, '😀' FROM ${from}`),
        fc
          .tuple(identifier, tie('query'), tie('query'))
          .map(([name, inner, outer]) => `(WITH ${escapeIdentifier(name)} AS (${inner}) ${outer})`),
        fc.tuple(tie('query'), tie('query')).map(([left, right]) => `(${left}) UNION ALL (${right})`),
      ),
    }));

    it('leaves no name unbound, none bound to another table, and no column without its table', async () => {
      await fc.assert(
        fc.asyncProperty(query, async (sql) => {
          const parsed = await parseQuery(sql).catch(() => undefined);
          if (!parsed) return;
          const bound = bindQuery(parsed, ({ name }) => ({
            kind: 'table',
            id: JSON.stringify(name),
            physical: `p_1.${physicalOf(name)}`,
          }));
          const again = findNames(onlySelect(bound.text));
          const wanted = new Set(parsed.relations.map(({ name }) => `p_1.${physicalOf(name)}`));
          expect(new Set(again.relations.map(({ name }) => name.join('.')))).toEqual(wanted);
        }),
        { numRuns: 300 },
      );
    });

    it('places every letter of the result in the text that the person wrote, or nowhere', async () => {
      await fc.assert(
        fc.asyncProperty(query, async (sql) => {
          const parsed = await parseQuery(sql).catch(() => undefined);
          if (!parsed) return;
          const { text, toUserPosition } = bindQuery(parsed, resolve);
          for (const [i, character] of [...text].entries()) {
            const position = toUserPosition(i + 1);
            if (position === undefined || position === sql.length) continue;
            const inRewritten = [
              ...parsed.relations.map(({ site }) => site),
              ...parsed.columns.map(({ range }) => range),
            ].some(({ start }) => start === position);
            if (!inRewritten) expect(String.fromCodePoint(sql.codePointAt(position) ?? 0)).toBe(character);
          }
        }),
        { numRuns: 60 },
      );
    });
  });
});
