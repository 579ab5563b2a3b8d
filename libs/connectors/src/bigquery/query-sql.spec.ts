import { FreshetError } from '@freshet/contracts';
import type { TableStream } from './bigquery-config';
import { cursorField, inOwnQuery, statementOf, wholeQuery } from './query-sql';

const place = { projectId: 'my-project', dataset: 'shop' };
const now = new Date('2026-03-10T12:00:00Z');
const stream = (changes: Partial<TableStream>): TableStream => ({
  name: 'x',
  key: [],
  lookbackDays: 0,
  ...changes,
});
const time = { name: 'updated_at', type: 'TIMESTAMP' };

describe('the SQL for a stream', () => {
  it.each([
    ['orders', '`my-project.shop.orders`'],
    ['other.orders', '`my-project.other.orders`'],
    ['public-data.other.orders', '`public-data.other.orders`'],
  ])('reads the table %s', (table, source) => {
    expect(wholeQuery(stream({ table }), place)).toBe(`SELECT * FROM ${source}`);
  });

  it('puts a query on lines of its own, so that its last comment ends there', () => {
    const query = 'SELECT 1 -- one\n;';
    expect(wholeQuery(stream({ query }), place)).toBe('SELECT * FROM (\nSELECT 1 -- one\n\n)');
  });

  it('reads on from the cursor, never past now, in an order', () => {
    const orders = stream({ table: 'orders', key: ['id'], cursor: 'updated_at', lookbackDays: 2 });
    const { sql, parameters } = statementOf(orders, place, {
      field: time,
      from: '2026-03-09T10:00:00.5Z',
      now,
    });
    expect(sql).toBe(
      'SELECT * FROM `my-project.shop.orders`\nWHERE `updated_at` >= @from AND `updated_at` <= @until\nORDER BY `updated_at`, `id`',
    );
    expect(
      parameters.map(({ parameterType, parameterValue }) => [parameterType.type, parameterValue.value]),
    ).toEqual([
      ['TIMESTAMP', '2026-03-07T10:00:00.500Z'],
      ['TIMESTAMP', '2026-03-10T12:00:00.000Z'],
    ]);
  });

  it('keeps the last digits of a cursor that is not looked back from', () => {
    const orders = stream({ table: 'orders', key: ['id'], cursor: 'updated_at' });
    const { parameters } = statementOf(orders, place, {
      field: time,
      from: '2026-03-09T10:00:00.123456Z',
      now,
    });
    expect(parameters[0]?.parameterValue.value).toBe('2026-03-09T10:00:00.123456Z');
  });

  it('reads rows without a key once: those after the last value alone', () => {
    const { sql } = statementOf(stream({ table: 'log', cursor: 'n' }), place, {
      field: { name: 'n', type: 'INTEGER' },
      from: '9007199254740993',
      now,
    });
    expect(sql).toBe('SELECT * FROM `my-project.shop.log`\nWHERE `n` > @from\nORDER BY `n`');
  });

  it.each([
    ['DATE', '2026-03-03', '2026-03-10'],
    ['DATETIME', '2026-03-03T12:00:00.000', '2026-03-10T12:00:00.000'],
  ])('knows the days of a %s', (type, from, until) => {
    const weekly = stream({ table: 'w', key: ['week'], cursor: 'week', lookbackDays: 7 });
    const { parameters } = statementOf(weekly, place, { field: { name: 'week', type }, from: until, now });
    expect(parameters.map(({ parameterValue }) => parameterValue.value)).toEqual([from, until]);
  });

  it('refuses a cursor that is not there or has no order', () => {
    const orders = stream({ table: 'orders', cursor: 'updated_at' });
    expect(() => cursorField(orders, [])).toThrow(/no column updated_at/);
    expect(() => cursorField(orders, [{ name: 'UPDATED_AT', type: 'JSON' }])).toThrow(/of type JSON/);
    expect(cursorField(orders, [{ name: 'UPDATED_AT', type: 'DATE' }])).toMatchObject({ type: 'DATE' });
  });

  it('tells an error’s place in the person’s own query', () => {
    const error = new FreshetError(
      'source_refused',
      'BigQuery can’t run the query. It says: Unrecognized name: b at [3:3]',
      {},
    );
    expect(inOwnQuery(error, stream({ query: 'SELECT a,\n  b FROM t' }))).toMatchObject({
      message: expect.stringContaining('at [2:3]') as string,
      details: { position: 12 },
    });
    expect(inOwnQuery(error, stream({ table: 't' }))).toBe(error);
  });
});
