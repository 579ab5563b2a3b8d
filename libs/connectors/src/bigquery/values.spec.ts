import { columnsOf, tableOf, timestampOf, unusualNumbers, type Field } from './values';

const v = (value: unknown): { v: unknown } => ({ v: value });

describe('values of BigQuery', () => {
  it.each([
    ['1772323200123456', '2026-03-01T00:00:00.123456Z'],
    ['1.772323200123456E9', '2026-03-01T00:00:00.123456Z'],
    ['1.7723232E9', '2026-03-01T00:00:00Z'],
    ['1772323200000000', '2026-03-01T00:00:00Z'],
    ['-1', '1969-12-31T23:59:59.999999Z'],
    ['-1.5', '1969-12-31T23:59:58.5Z'],
    ['0.0', '1970-01-01T00:00:00Z'],
    ['0', '1970-01-01T00:00:00Z'],
    ['253402300799999999', '9999-12-31T23:59:59.999999Z'],
  ])('reads the timestamp %s to the microsecond', (text, iso) => {
    expect(timestampOf(text)).toBe(iso);
  });

  const fields: Field[] = [
    { name: 'Order ID', type: 'INTEGER' },
    { name: 'total', type: 'NUMERIC' },
    { name: 'weight', type: 'FLOAT' },
    { name: 'day', type: 'DATE' },
    { name: 'slot', type: 'DATETIME' },
    {
      name: 'buyer',
      type: 'RECORD',
      fields: [
        { name: 'id', type: 'INTEGER' },
        { name: 'at', type: 'TIMESTAMP' },
        { name: 'vip', type: 'BOOLEAN' },
      ],
    },
    {
      name: 'items',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [
        { name: 'sku', type: 'STRING' },
        { name: 'price', type: 'NUMERIC' },
      ],
    },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    { name: 'extra', type: 'JSON' },
  ];

  it('keeps every digit, also of numbers within records and lists', () => {
    const cells = [
      v('9007199254740993'),
      v('0.10'),
      v('1.5E-7'),
      v('2026-03-01'),
      v('2026-03-01T08:30:00.5'),
      v({ f: [v('9007199254740995'), v('1772323200123456'), v('true')] }),
      v([v({ f: [v('A"1'), v('12.50')] }), v({ f: [v(null), v('99999999999999999999.123456789')] })]),
      v([v('a'), v('b')]),
      v('{"id":9007199254740993}'),
    ];
    expect(tableOf(fields, null, []).rowOf(cells, 1)).toEqual({
      row: [
        '9007199254740993',
        '0.10',
        '1.5E-7',
        '2026-03-01',
        '2026-03-01T08:30:00.5Z',
        '{"id":9007199254740995,"at":"2026-03-01T00:00:00.123456Z","vip":true}',
        '[{"sku":"A\\"1","price":12.50},{"sku":null,"price":99999999999999999999.123456789}]',
        '["a","b"]',
        '{"id":9007199254740993}',
      ],
    });
  });

  it('takes null for null, and an empty list for a list without values', () => {
    const cells = fields.map(({ mode }) => v(mode === 'REPEATED' ? [] : null));
    expect(tableOf(fields, null, []).rowOf(cells, 1)).toEqual({
      row: [null, null, null, null, null, null, '[]', '[]', null],
    });
  });

  it('keeps known columns first, empties those that vanished, widens what grew, and adds new ones', () => {
    const known = [
      { name: 'gone', type: 'text' },
      { name: 'total', type: 'bigint' },
      { name: 'order_id', type: 'bigint' },
    ] as const;
    const { columns, rowOf } = tableOf(fields.slice(0, 3), [...known], ['order_id']);
    expect(columns).toEqual([
      { name: 'gone', type: 'text' },
      { name: 'total', type: 'numeric' },
      { name: 'order_id', type: 'bigint' },
      { name: 'weight', type: 'double' },
    ]);
    expect(rowOf([v('7'), v('1.5'), v('2')], 1)).toEqual({ row: [null, '1.5', '7', '2'] });
    expect(rowOf([v(null), v('1'), v('2')], 9)).toMatchObject({
      reject: { row: 9, reason: 'The key column order_id is empty.' },
    });
  });

  it('keeps what is no number as empty, and says where', () => {
    const rows = [
      [v('1'), v('2'), v('NaN')],
      [v('1'), v('2'), v('-Infinity')],
    ];
    const table = tableOf(fields.slice(0, 3), null, []);
    expect(rows.map((row) => table.rowOf(row, 1))).toEqual([
      { row: ['1', '2', null] },
      { row: ['1', '2', null] },
    ]);
    expect(unusualNumbers(fields.slice(0, 3), rows)).toEqual([
      expect.stringMatching(/^weight holds NaN/) as string,
    ]);
  });

  it('gives names that people can write', () => {
    expect(
      columnsOf(fields)
        .map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['order_id', 'total']);
  });
});
