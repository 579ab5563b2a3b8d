import fc from 'fast-check';
import type { ColumnType } from '../column';
import { inferColumns } from './infer-columns';
import type { RawValue } from './raw-value';
import { impossible, otherType, toCell } from './to-cell';

const typeOfAll = (values: RawValue[], untyped = true): ColumnType | undefined =>
  inferColumns(
    ['x'],
    values.map((value) => [value]),
    untyped,
  )[0]?.type;

describe('inferColumns', () => {
  it.each<[string, RawValue[], ColumnType]>([
    ['whole numbers', ['1', '-20', '0'], 'bigint'],
    ['the largest 64-bit number', ['9223372036854775807', '-9223372036854775808'], 'bigint'],
    ['one beyond it', ['9223372036854775808'], 'numeric'],
    ['money', ['19.90', '5'], 'numeric'],
    ['a bare fraction', ['.5', '-.25'], 'numeric'],
    ['scientific notation', ['1e-7', '2.5E+10'], 'double'],
    ['scientific notation beside decimals, kept exact', ['1e-7', '0.1'], 'numeric'],
    ['a number that no double can hold', ['1e999'], 'text'],
    ['ids with leading zeros', ['007', '12'], 'text'],
    ['phone numbers', ['+4930123456'], 'text'],
    ['numbers with thousands separators', ['1,234.50'], 'text'],
    ['numbers and words', ['1', 'n/a'], 'text'],
    ['booleans in any case', ['true', 'FALSE', 'True'], 'boolean'],
    ['yes and no', ['yes', 'no'], 'text'],
    ['booleans and numbers', ['true', '1'], 'text'],
    ['dates', ['2024-02-29', '1999-12-31'], 'date'],
    ['days that do not exist', ['2023-02-29'], 'text'],
    ['dates in another order', ['31.12.1999'], 'text'],
    [
      'timestamps with and without zone',
      ['2024-01-01T10:00:00Z', '2024-01-01 10:00', '2024-01-01T10:00:00.123456+02:00'],
      'timestamp',
    ],
    ['dates and timestamps', ['2024-01-01', '2024-01-01T10:00:00Z'], 'timestamp'],
    ['dates and words', ['2024-01-01', 'soon'], 'text'],
    ['dates and numbers', ['2024-01-01', '5'], 'text'],
    ['blanks among numbers', [null, '', ' ', '5'], 'bigint'],
    ['numbers with spaces around', [' 5', '6 '], 'bigint'],
    ['blanks alone', [null, ''], 'text'],
    ['nothing', [], 'text'],
  ])('CSV: %s', (_what, values, type) => {
    expect(typeOfAll(values)).toBe(type);
  });

  it.each<[string, RawValue[], ColumnType]>([
    ['whole numbers', [1, -2], 'bigint'],
    ['a number beyond 2^53', [{ number: '9007199254740993' }], 'bigint'],
    ['a number beyond 64 bit', [{ number: '92233720368547758080' }], 'numeric'],
    ['decimals', [1, 2.5], 'numeric'],
    ['small decimals, which JavaScript writes with an exponent', [1e-7], 'double'],
    ['text made of digits', ['5'], 'text'],
    ['text that says true', ['true'], 'text'],
    ['numbers and text', [5, 'x'], 'text'],
    ['booleans', [true, false, null], 'boolean'],
    ['dates', ['2024-01-01'], 'date'],
    ['objects', [{ json: '{"a":1}' }], 'json'],
    ['objects beside anything', [{ json: '[]' }, 5, 'x'], 'json'],
  ])('JSON: %s', (_what, values, type) => {
    expect(typeOfAll(values, false)).toBe(type);
  });

  const day = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  const rawValue: fc.Arbitrary<RawValue> = fc.oneof(
    fc.string().map((text) => text.replaceAll('\0', '')),
    fc.constantFrom(
      '',
      ' ',
      '007',
      '1e5',
      '1e-400',
      '1e999',
      '-0',
      '.5',
      'true',
      'FALSE',
      '2023-02-29',
      '2024-01-01T25:00',
      '2024-01-01T00:00+15:00',
    ),
    fc.bigInt().map(String),
    fc.double().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    day.map((date) => date.toISOString()),
    day.map((date) => date.toISOString().slice(0, 10)),
    fc.bigInt().map((number) => ({ number: String(number) })),
    fc.constantFrom({ json: '{"a":1}' }, { json: '[]' }),
  );

  it('finds a type that accepts every sampled value', () => {
    fc.assert(
      fc.property(fc.array(rawValue, { maxLength: 8 }), fc.boolean(), (values, untyped) => {
        const type = typeOfAll(values, untyped) ?? 'text';
        for (const value of values) expect([otherType, impossible]).not.toContain(toCell[type](value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(fc.array(rawValue, { maxLength: 6 }), fc.boolean(), (values, untyped) => {
        expect(typeOfAll(values.toReversed(), untyped)).toBe(typeOfAll(values, untyped));
      }),
      { numRuns: 1_000 },
    );
  });
});
