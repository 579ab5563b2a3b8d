import { columnOf, relation, tableName } from './relation';

it.each([
  ['orders', '"orders"'],
  ['public.orders', '"public"."orders"'],
  ['Sales.Orders', '"Sales"."Orders"'],
  ['"odd.schema"."a ""b"""', '"odd.schema"."a ""b"""'],
  ['orders; DROP TABLE x', '"orders; DROP TABLE x"'],
])('%s is the table %s', (written, sql) => {
  expect(tableName(written)).toBe(sql);
});

it('takes a query with its last semicolon, and with a comment at its end', () => {
  expect(relation({ query: 'SELECT 1; \n' })).toBe('(SELECT 1\n) AS source');
  expect(relation({ query: 'SELECT 1 -- all' })).toBe('(SELECT 1 -- all\n) AS source');
});

it('quotes columns', () => {
  expect(columnOf('a"b')).toBe('source."a""b"');
});
