import { loadModule, parseSync } from 'libpg-query';

import { nestingOf } from './nesting';
import { parseQuery } from './parse-query';
import { textOffsets } from './text-offsets';
import { tokensOf } from './tokens';

const judged = (sql: string): number => nestingOf(tokensOf(sql, textOffsets(sql)));

/** How many nodes the tree really has inside one another; their kinds are the keys in capitals. */
const depthOf = (node: unknown): number =>
  typeof node === 'object' && node !== null
    ? Math.max(
        0,
        ...Object.entries(node).map(([key, child]) => depthOf(child) + (/^[A-Z]/.test(key) ? 1 : 0)),
      )
    : 0;

/** Each way to nest, `n` times; with words that look like the end of something. */
const ways: [string, (n: number) => string][] = [
  ['operators', (n) => `SELECT 1${' + 1'.repeat(n)}`],
  ['casts', (n) => `SELECT 1${'::int'.repeat(n)}`],
  ['tests', (n) => `SELECT 1${' IS NULL'.repeat(n)}`],
  ['BETWEEN … AND', (n) => `SELECT 1${' IS NULL BETWEEN a AND b'.repeat(n)}`],
  ['operators between columns called "and"', (n) => `SELECT 1${' + (x).and'.repeat(n)}`],
  [
    'CASE around columns called "end"',
    (n) => `SELECT ${'CASE WHEN a.end THEN '.repeat(n)}1${' END'.repeat(n)}`,
  ],
  ['functions called "join"', (n) => `SELECT 1${' + 1 + 1 + join(1)'.repeat(n)}`],
  ['signs', (n) => `SELECT ${'- '.repeat(n)}a`],
  ['parentheses', (n) => `SELECT ${'-('.repeat(n)}a${')'.repeat(n)}`],
  ['functions', (n) => `SELECT ${'f('.repeat(n)}a${')'.repeat(n)}`],
  ['casts behind functions', (n) => `SELECT ${'f('.repeat(n)}a${')'.repeat(n)}${'::a'.repeat(n)}`],
  ['arrays', (n) => `SELECT ${'ARRAY['.repeat(n)}a${']'.repeat(n)}`],
  ['subqueries', (n) => `SELECT ${'(SELECT '.repeat(n)}1${')'.repeat(n)}`],
  ['subqueries with a column "end"', (n) => `SELECT ${'1 AS end, (SELECT '.repeat(n)}1${')'.repeat(n)}`],
  ['subqueries in FROM', (n) => `SELECT 1 FROM ${'(SELECT 1 FROM '.repeat(n)}a${') a'.repeat(n)}`],
  ['EXISTS', (n) => `SELECT ${'EXISTS (SELECT '.repeat(n)}1${')'.repeat(n)}`],
  ['WITH', (n) => `${'WITH a AS ('.repeat(n)}SELECT 1${') SELECT 1'.repeat(n)}`],
  ['unions', (n) => `SELECT 1${' UNION SELECT 1 + 1'.repeat(n)}`],
  ['joins', (n) => `SELECT 1 FROM a${' JOIN a ON b AND c'.repeat(n)}`],
  ['NOT', (n) => `SELECT ${'NOT '.repeat(n)}a`],
];

describe('the nesting of a query', () => {
  beforeAll(() => loadModule());

  it.each(ways)('is judged no less than it is: %s', (_, nested) => {
    for (const n of [1, 7, 60, 200])
      expect(judged(nested(n))).toBeGreaterThanOrEqual(depthOf(parseSync(nested(n))));
  });

  it.each(ways)('is refused before the parser runs out of stack: %s', async (_, nested) => {
    await expect(parseQuery(nested(1_600))).rejects.toMatchObject({
      message: expect.stringContaining('nested too deeply') as string,
    });
  });

  it('stays small in long queries that are flat', () => {
    const flat = [
      `SELECT ${'CASE WHEN a = 1 AND b > 2 OR c THEN 1 ELSE 2 END, '.repeat(500)} 1`,
      `SELECT 1 FROM t WHERE ${'a = 1 AND b BETWEEN 1 AND 2 OR '.repeat(1_000)} c`,
      `SELECT CASE ${"WHEN name = 'x' THEN 1 ".repeat(1_000)} END`,
      `SELECT 1 WHERE a IN (${'1, '.repeat(5_000)} 1)`,
      `SELECT a FROM t ${'UNION ALL SELECT a FROM t WHERE a > 1 '.repeat(300)}`,
      `VALUES ${'(1, 2), '.repeat(3_000)} (1, 2)`,
    ];
    for (const sql of flat) expect(judged(sql)).toBeLessThan(400);
  });

  it('leaves the parser sound however often it is tried', async () => {
    for (let round = 0; round < 3; round++)
      for (const [, nested] of ways) await parseQuery(nested(1_550)).catch(() => undefined);
    expect(await parseQuery('SELECT n FROM daily')).toMatchObject({ relations: [{ name: ['daily'] }] });
  });
});
