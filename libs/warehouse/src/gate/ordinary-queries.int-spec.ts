import { usePostgres } from '@freshet/testing';

import { createQueryProject, type QueryProject } from './query-fixture';

/** What it is · the query · the rows, with cells as people get them · parameters. */
type Case = [title: string, sql: string, rows: unknown[][], params?: unknown[]];

// prettier-ignore
const names: Case[] = [
  ['a stream by source and name', 'SELECT sum(sessions) FROM ga_main.traffic', [['50']]],
  ['a model by its name', 'SELECT max(sessions) FROM daily_sessions', [['20']]],
  ['columns qualified by source and stream', `SELECT ga_main.traffic.sessions FROM ga_main.traffic WHERE ga_main.traffic.channel = 'paid' ORDER BY ga_main.traffic.sessions`, [[5], [7]]],
  ['columns qualified by the stream alone', 'SELECT traffic.channel, count(*) FROM ga_main.traffic GROUP BY traffic.channel ORDER BY 1', [['organic', '3'], ['paid', '2']]],
  ['all columns of one table', `SELECT ga_main.traffic.* FROM ga_main.traffic, staff WHERE staff.id = 1 AND ga_main.traffic.sessions = 20`, [['2024-01-02', 'organic', 20, '3.25']]],
  ['streams of one name in two sources', `SELECT ga_main.traffic.sessions, ga_shop.traffic.sessions FROM ga_main.traffic JOIN ga_shop.traffic ON ga_main.traffic.date = ga_shop.traffic.date ORDER BY 1`, [[5, 1], [10, 1], [20, 2]]],
  ['streams of one name joined with USING', 'SELECT date, count(*) FROM ga_main.traffic JOIN ga_shop.traffic USING (date) GROUP BY date ORDER BY date', [['2024-01-01', '2'], ['2024-01-02', '1']]],
  ['an outer table whose name the inner one shares', `SELECT channel, sessions FROM ga_main.traffic WHERE EXISTS (SELECT FROM ga_shop.traffic WHERE ga_shop.traffic.date = ga_main.traffic.date AND traffic.sessions = 2)`, [['organic', 20]]],
  ['a union of streams of one name', `SELECT traffic.channel FROM ga_main.traffic WHERE traffic.sessions = 7 UNION ALL SELECT traffic.channel FROM ga_shop.traffic WHERE ga_shop.traffic.sessions = 2`, [['paid'], ['email']]],
  ['a stream under an alias', 'SELECT t.sessions FROM ga_main.traffic AS t (d, c, sessions) WHERE t.d = $1', [[20]], ['2024-01-02']],
  ['names that need quotes, and letters beyond ASCII', `SELECT "Umsätze 2024"."Größe", '😀' || n FROM "Büro-1"."Umsätze 2024" WHERE "Büro-1"."Umsätze 2024"."Größe" = 'Zürich'`, [['Zürich', '😀4']]],
  ['names written with unicode escapes', `SELECT U&"Gr\\00f6\\00dfe" FROM "Büro-1".U&"Ums!00e4tze 2024" UESCAPE '!' ORDER BY 1`, [['Köln'], ['Zürich']]],
  ['TABLE', 'TABLE staff ORDER BY id LIMIT 1', [[1, null, 'Root']]],
  ['TABLE of a stream', 'TABLE ga_shop.traffic ORDER BY date DESC LIMIT 1', [['2024-01-02', 'email', 2, '0.20']]],
  ['ONLY in parentheses', 'SELECT count(*) FROM ONLY (ga_shop.traffic) WHERE traffic.sessions > 1', [['1']]],
  ['ONLY and star of tables without children', 'SELECT count(*), (SELECT count(*) FROM ga_shop.traffic *) FROM ONLY staff', [['4', '2']]],
];

// prettier-ignore
const commonTables: Case[] = [
  ['WITH', `WITH paid AS (SELECT * FROM orders WHERE status = 'paid') SELECT sum(amount) FROM paid`, [['70.00']]],
  ['WITH that shadows a model and reads it', `WITH orders AS (SELECT * FROM orders WHERE amount > 15) SELECT count(*), min(orders.amount) FROM orders`, [['2', '20.00']]],
  ['WITH that shadows a model for the next', `WITH orders AS (SELECT id FROM orders WHERE id < 3), twice AS (SELECT id FROM orders UNION ALL SELECT id FROM orders) SELECT count(*) FROM twice`, [['4']]],
  ['WITH inside that shadows, and the model outside', `SELECT (WITH staff AS (SELECT 99 AS id) SELECT id FROM staff), count(*) FROM staff`, [[99, '4']]],
  ['WITH MATERIALIZED', 'WITH t AS MATERIALIZED (SELECT * FROM ga_main.traffic) SELECT sum(revenue) FROM t', [['10.75']]],
  ['WITH RECURSIVE', `WITH RECURSIVE reports AS (SELECT id, name, 0 AS depth FROM staff WHERE manager_id IS NULL UNION ALL SELECT staff.id, staff.name, depth + 1 FROM staff JOIN reports ON staff.manager_id = reports.id) SELECT name, depth FROM reports ORDER BY depth, name`, [['Root', 0], ['Mid', 1], ['Mid too', 1], ['Leaf', 2]]],
  ['WITH RECURSIVE and SEARCH DEPTH FIRST', `WITH RECURSIVE r AS (SELECT id FROM staff WHERE id = 1 UNION ALL SELECT s.id FROM staff s JOIN r ON s.manager_id = r.id) SEARCH DEPTH FIRST BY id SET path SELECT id FROM r ORDER BY path`, [[1], [2], [3], [4]]],
  ['WITH in parentheses', '(WITH t AS (SELECT 1 AS a) SELECT a, name FROM t JOIN staff ON id = a) ORDER BY 1', [[1, 'Root']]],
];

// prettier-ignore
const shapes: Case[] = [
  ['a window over days', 'SELECT date, sum(sessions) OVER (ORDER BY date) FROM daily_sessions ORDER BY date LIMIT 3', [['2024-01-01', '15'], ['2024-01-02', '35'], ['2024-01-03', '42']]],
  ['named windows, lag and frames', `SELECT sessions - lag(sessions) OVER w, round(avg(sessions) OVER (w ROWS 1 PRECEDING), 1) FROM daily_sessions WINDOW w AS (ORDER BY date) ORDER BY date OFFSET 1`, [['5', '17.5'], ['-13', '13.5'], ['1', '7.5']]],
  ['rank and percentiles', `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), (SELECT name FROM (SELECT name, rank() OVER (ORDER BY name DESC) AS r FROM customers) c WHERE r = 1) FROM orders`, [[15, 'Çelik']]],
  ['FILTER', `SELECT count(*) FILTER (WHERE status = 'paid'), sum(amount) FILTER (WHERE status = 'refunded') FROM orders`, [['3', '5.50']]],
  ['GROUPING SETS', `SELECT country, grouping(country), count(*) FROM customers GROUP BY GROUPING SETS ((country), ()) ORDER BY 2, 1`, [['DE', 0, '2'], ['US', 0, '2'], [null, 1, '4']]],
  ['ROLLUP with HAVING', `SELECT channel, sum(sessions) FROM ga_main.traffic GROUP BY ROLLUP (channel) HAVING sum(sessions) > 12 ORDER BY 2`, [['organic', '38'], [null, '50']]],
  ['LATERAL', `SELECT c.name, o.amount FROM customers c CROSS JOIN LATERAL (SELECT amount FROM orders WHERE orders.customer_id = c.id ORDER BY amount DESC LIMIT 1) o ORDER BY 1`, [['Ana', '20.00'], ['Bo', '5.50'], ['Çelik', '40.00']]],
  ['outer joins', 'SELECT c.name FROM orders o RIGHT JOIN customers c ON c.id = o.customer_id WHERE o.id IS NULL', [['Dee']]],
  ['set operations', 'SELECT id FROM staff EXCEPT SELECT customer_id FROM orders ORDER BY 1', [[4]]],
  ['INTERSECT in parentheses with LIMIT', '(SELECT id FROM staff INTERSECT SELECT customer_id FROM orders) ORDER BY id DESC LIMIT 2', [[3], [2]]],
  ['DISTINCT ON', 'SELECT DISTINCT ON (customer_id) customer_id, id FROM orders ORDER BY customer_id, ordered_at DESC', [[1, 2], [2, 3], [3, 4]]],
  ['VALUES', `VALUES (1, 'a'), (2, 'b') ORDER BY 1 DESC`, [[2, 'b'], [1, 'a']]],
  ['VALUES as a table', 'SELECT v.label, count(s.id) FROM (VALUES (1, $$one$$), (2, $$two$$)) AS v (id, label) LEFT JOIN staff s ON s.manager_id = v.id GROUP BY 1 ORDER BY 1', [['one', '2'], ['two', '1']]],
  ['a CASE and a correlated count', `SELECT name, CASE WHEN (SELECT count(*) FROM orders WHERE customer_id = customers.id) > 1 THEN 'many' ELSE 'few' END FROM customers ORDER BY id LIMIT 2`, [['Ana', 'many'], ['Bo', 'few']]],
  ['columns of one name', 'SELECT a.id, b.id FROM staff a JOIN staff b ON b.manager_id = a.id ORDER BY 2 LIMIT 1', [[1, 2]]],
  ['FETCH FIRST WITH TIES', 'SELECT country FROM customers ORDER BY country FETCH FIRST 1 ROW WITH TIES', [['DE'], ['DE']]],
  ['no column at all', 'SELECT FROM staff WHERE id < 3', [[], []]],
];

// prettier-ignore
const values: Case[] = [
  ['months', `SELECT date_trunc('month', ordered_at), count(*) FROM orders GROUP BY 1 ORDER BY 1`, [['2024-01-01T00:00:00Z', '2'], ['2024-02-01T00:00:00Z', '2']]],
  ['days without data filled in', `SELECT day::date, coalesce(sessions, 0) FROM generate_series(date '2024-01-03', '2024-01-05', interval '1 day') AS day LEFT JOIN daily_sessions d ON d.date = day::date ORDER BY 1`, [['2024-01-03', '7'], ['2024-01-04', '0'], ['2024-01-05', '0']]],
  ['time zones', `SELECT ordered_at AT TIME ZONE 'Europe/Berlin', extract(hour FROM ordered_at), to_char(ordered_at, 'YYYY-MM') FROM orders WHERE id = 2`, [['2024-01-16T00:30:00Z', '23', '2024-01']]],
  ['age and intervals', `SELECT age(date '2024-03-01', date '2024-01-31'), date '2024-01-31' + interval '1 month', make_interval(hours => 30)`, [['1 mon 1 day', '2024-02-29T00:00:00Z', '30:00:00']]],
  ['jsonb unfolded', `SELECT item ->> 'sku', sum((item ->> 'qty')::int) FROM orders, jsonb_array_elements(items) AS item GROUP BY 1 ORDER BY 1`, [['a', '3'], ['b', '1']]],
  ['jsonb as JSON', `SELECT items -> 0, jsonb_build_object('n', amount), jsonb_path_query_first(items, '$[*].sku') FROM orders WHERE id = 1`, [[{ sku: 'a', qty: 2 }, { n: 10 }, 'a']]],
  ['JSON_TABLE', `SELECT t.sku, t.qty FROM orders, JSON_TABLE(items, '$[*]' COLUMNS (sku text PATH '$.sku', qty int PATH '$.qty')) AS t WHERE id = 2 ORDER BY 1`, [['a', 1], ['b', 1]]],
  ['SQL/JSON constructors', `SELECT JSON_OBJECT('a': 1, 'b': JSON_ARRAY(2, 3)), JSON_ARRAYAGG(name ORDER BY id) FROM staff WHERE id < 3 GROUP BY ()`, [[{ a: 1, b: [2, 3] }, ['Root', 'Mid']]]],
  ['arrays', `SELECT name, tags, 'vip' = ANY (tags), array_length(tags, 1) FROM customers ORDER BY id LIMIT 3`, [['Ana', ['vip', 'new'], true, 2], ['Bo', [], false, null], ['Çelik', null, null, null]]],
  ['arrays of arrays, quotes and nulls', `SELECT ARRAY[[1, 2], [3, NULL]], ARRAY['a"b', 'c,\\d', NULL, 'NULL', ''], ARRAY[1.5, 2], ARRAY[true]`, [[[[1, 2], [3, null]], ['a"b', 'c,\\d', null, 'NULL', ''], ['1.5', '2'], [true]]]],
  ['unnest WITH ORDINALITY', 'SELECT tag, n FROM customers, unnest(tags) WITH ORDINALITY AS u (tag, n) WHERE id = 1', [['vip', '1'], ['new', '2']]],
  ['text functions and regular expressions', `SELECT initcap(lower(name)), regexp_replace(name, '[aeiou]', '*', 'g'), split_part('a/b/c', '/', 2), name ILIKE 'mid%' FROM staff WHERE id = 4`, [['Mid Too', 'M*d t**', 'b', true]]],
  ['ranges', `SELECT int4range(1, 5) @> 3, upper(daterange('2024-01-01', '2024-02-01')), '[1,3)'::int4range * '[2,9)'::int4range`, [[true, '2024-02-01', '[2,3)']]],
  ['exact and inexact numbers', `SELECT 9007199254740993::bigint, 0.1::numeric(10,2), 0.1::float8, 1::smallint, 'NaN'::float8, '-Infinity'::float4, 'NaN'::numeric`, [['9007199254740993', '0.10', 0.1, 1, 'NaN', '-Infinity', 'NaN']]],
  ['times as ISO', `SELECT timestamp '2024-01-02 03:04:05.123456', timestamptz '2024-01-02 03:04:05+02', time '03:04', timestamp 'infinity', '\\x00ff'::bytea`, [['2024-01-02T03:04:05.123456Z', '2024-01-02T01:04:05Z', '03:04:00', 'infinity', '\\x00ff']]],
  ['parameters of several types', 'SELECT count(*) FROM orders WHERE amount > $1 AND status = ANY ($2) AND ordered_at >= $3', [['2']], [8, ['paid', 'open'], '2024-01-10T00:00:00Z']],
];

// prettier-ignore
const writing: Case[] = [
  ['a comment at the end', 'SELECT 1 -- done', [[1]]],
  ['semicolons and comments at the end', 'SELECT count(*) FROM staff; ; -- done\n/* really */ ', [['4']]],
  ['comments within names', 'SELECT ga_shop /* source */ . -- stream\n traffic.sessions FROM ga_shop /* ; */ . traffic ORDER BY 1 LIMIT 1', [[1]]],
  ['words that look like commands', `SELECT 'DROP TABLE x; --' AS "delete", $x$ ; COMMIT; $x$`, [['DROP TABLE x; --', ' ; COMMIT; ']]],
];

const postgres = usePostgres();

describe('ordinary queries give the right answers', () => {
  let project: QueryProject;

  beforeAll(async () => {
    project = await createQueryProject(postgres);
  });
  afterAll(() => project.remove());

  describe.each([
    ['names', names],
    ['common table expressions', commonTables],
    ['shapes of queries', shapes],
    ['values', values],
    ['ways of writing', writing],
  ])('%s', (_, cases) => {
    it.each(cases)('%s', async (_title, sql, rows, params = []) => {
      expect((await project.run(sql, { params })).rows).toEqual(rows);
    });
  });
});
