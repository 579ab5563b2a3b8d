import { usePostgres } from '@freshet/testing';
import { SourceUnderTest } from './source-under-test';

const postgres = usePostgres();

/** One value of a type, as `name` through a query. */
const readValue = async (sql: string) => {
  const source = new SourceUnderTest(postgres.url, [{ name: 'value', query: `SELECT ${sql} AS value` }]);
  const { columns, rows, rejects, error } = await source.read('value');
  return { type: columns[0]?.type, value: rows[0]?.['value'], rejects, error };
};

it.each([
  ['9223372036854775807::int8', 'bigint', '9223372036854775807'],
  ['7::int2', 'bigint', '7'],
  ['4294967295::oid', 'bigint', '4294967295'],
  ['12345678901234567890.123456789::numeric', 'numeric', '12345678901234567890.123456789'],
  ['0.10::numeric(10,2)', 'numeric', '0.10'],
  ['12.5::money', 'numeric', '12.50'],
  ['0.1::float8', 'double', '0.1'],
  ['1e300::float8', 'double', '1e+300'],
  ['true', 'boolean', true],
  ["date '2026-02-28'", 'date', '2026-02-28'],
  ["timestamptz '2026-03-08 03:00:00.123456 America/New_York'", 'timestamp', '2026-03-08T07:00:00.123456Z'],
  ["timestamp '2026-03-08 02:30:00'", 'timestamp', '2026-03-08T02:30:00Z'],
  ["time '12:30'", 'text', '12:30:00'],
  ["interval '1 day 2 hours'", 'text', 'P1DT2H'],
  ['\'{"id": 9007199254740993}\'::jsonb', 'json', '{"id": 9007199254740993}'],
  ['ARRAY[9007199254740993, 1]', 'json', '[9007199254740993,1]'],
  ["ARRAY['a', NULL, 'c \"d\"']", 'json', '["a",null,"c \\"d\\""]'],
  ["ROW(1, 'x')", 'json', '{"f1":1,"f2":"x"}'],
  ["'0b4f3a0e-6b3e-4c1c-9f1f-6f0e1b2c3d4e'::uuid", 'text', '0b4f3a0e-6b3e-4c1c-9f1f-6f0e1b2c3d4e'],
  ["'\\x00ff'::bytea", 'text', '\\x00ff'],
  ["'10.0.0.0/8'::cidr", 'text', '10.0.0.0/8'],
  ['int4range(1, 5)', 'text', '[1,5)'],
  ["'  spaces '::text", 'text', '  spaces '],
  ['NULL::numeric', 'numeric', null],
])('%s arrives as %s', async (sql, type, value) => {
  expect(await readValue(sql)).toEqual({ type, value, rejects: [], error: null });
});

it('knows a domain by its base, and an enum by its text', async () => {
  await postgres.pool.query(
    `CREATE DOMAIN price AS numeric CHECK (value >= 0); CREATE TYPE mood AS ENUM ('sad', 'happy')`,
  );
  expect(await readValue('1.50::price')).toMatchObject({ type: 'numeric', value: '1.50' });
  expect(await readValue("'happy'::mood")).toMatchObject({ type: 'text', value: 'happy' });
});

it.each([
  ["'NaN'::numeric", 'numeric'],
  ["'Infinity'::float8", 'double'],
  ["'infinity'::timestamptz", 'timestamp'],
  ["'-infinity'::date", 'date'],
  ["date '0044-03-15 BC'", 'date'],
  ["timestamptz '12026-01-01 00:00Z'", 'timestamp'],
  [`'{"a": "\\u0000"}'::json`, 'json'],
])('%s is told among the rejects', async (sql, type) => {
  const { rejects, error } = await readValue(sql);
  expect(error).toBeNull();
  expect(rejects).toMatchObject([
    { row: 1, reason: expect.stringMatching(`^The value in value .*${type}`) as string },
  ]);
});

it('says which times are taken as UTC', async () => {
  const source = new SourceUnderTest(postgres.url, [
    { name: 'value', query: 'SELECT localtimestamp AS at, now() AS zoned' },
  ]);
  expect((await source.read('value')).warnings).toEqual(['Times without a zone are taken as UTC: at.']);
});
