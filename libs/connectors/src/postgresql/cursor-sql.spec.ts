import { sourceColumns } from './columns';
import { cursorSql } from './cursor-sql';

const columns = sourceColumns([
  { name: 'id', oid: 20, category: '' },
  { name: 'Tags', oid: 1009, category: 'A' },
]);
const orders = { table: 'shop.orders', key: ['id'], lookback: 300 };

it('reads a table whole, in no order', () => {
  expect(cursorSql(orders, columns, 'beginning').text).toMatch(
    /FOR SELECT source\."id", to_json\(source\."Tags"\)::text FROM "shop"\."orders" AS source$/,
  );
});

it.each([
  ['beginning' as const, 'WHERE source."at" IS NOT NULL', []],
  [{ from: '7' }, 'WHERE source."at" >= $1', ['7']],
  [{ after: ['7', '3'] }, 'WHERE (source."at", source."id") > ($1, $2)', ['7', '3']],
])('reads on from %j', (start, condition, values) => {
  const sql = cursorSql({ ...orders, cursor: 'at' }, columns, start);
  expect(sql.text).toContain(`${condition} ORDER BY source."at", source."id"`);
  expect(sql.values).toEqual(values);
});
