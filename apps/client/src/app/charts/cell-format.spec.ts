import { formatAxisNumber, formatCell, formatNumber, plotValue } from './cell-format';

const column = (type: string) => ({ name: 'c', type });

describe('formatting numbers', () => {
  it('groups thousands', () => {
    expect(formatCell('18940', column('int8'))).toBe('18,940');
    expect(formatCell(1204, column('int4'))).toBe('1,204');
  });

  it('keeps every digit of numbers that floats cannot hold', () => {
    expect(formatCell('9007199254740993', column('int8'))).toBe('9,007,199,254,740,993');
    expect(formatCell('-12345678901234567890.1200', column('numeric'))).toBe(
      '-12,345,678,901,234,567,890.1200',
    );
  });

  it('writes money, shares, whole numbers and units as asked', () => {
    expect(formatNumber('71234.5', { format: 'currency', currency: 'EUR' })).toBe('€71,234.50');
    expect(formatNumber('0.125', { format: 'percent' })).toBe('12.5%');
    expect(formatNumber('12.6', { format: 'integer' })).toBe('13');
    expect(formatNumber(12, { unit: 'ms' })).toBe('12 ms');
  });

  it('does not group years and ids', () => {
    expect(formatCell(2008, { name: 'year', type: 'int4' })).toBe('2008');
    expect(formatCell('1234567', { name: 'order_id', type: 'int8' })).toBe('1234567');
  });

  it('shows what is no number as it came', () => {
    expect(formatCell('NaN', column('numeric'))).toBe('NaN');
    expect(formatCell('Infinity', column('float8'))).toBe('Infinity');
  });

  it('shortens numbers on axes', () => {
    expect(formatAxisNumber(71_234)).toBe('71.2K');
    expect(formatAxisNumber(1_300_000, { format: 'currency', currency: 'EUR' })).toBe('€1.3M');
  });
});

describe('formatting other cells', () => {
  it('shows a missing value as a dash', () => expect(formatCell(null, column('int8'))).toBe('–'));
  it('leaves a day as it is', () => expect(formatCell('2026-11-16', column('date'))).toBe('2026-11-16'));
  it('leaves digits in text alone', () => expect(formatCell('0012', column('text'))).toBe('0012'));
  it('says yes and no', () =>
    expect([true, false].map((cell) => formatCell(cell, column('bool')))).toEqual(['yes', 'no']));
  it('writes JSON as JSON', () => expect(formatCell({ a: [1] }, column('jsonb'))).toBe('{"a":[1]}'));
  it('writes a moment in the zone of the reader', () => {
    const at = '2026-11-16T14:02:00Z';
    const local = new Date(at);
    const two = (part: number): string => String(part).padStart(2, '0');
    expect(formatCell(at, column('timestamptz'))).toBe(
      `${String(local.getFullYear())}-${two(local.getMonth() + 1)}-${two(local.getDate())} ${two(local.getHours())}:${two(local.getMinutes())}`,
    );
  });
});

describe('plotting', () => {
  it('takes exact decimals as near as a float comes, and leaves gaps for the rest', () => {
    expect([plotValue('12.5'), plotValue(3), plotValue(null), plotValue('n/a'), plotValue(true)]).toEqual([
      12.5,
      3,
      null,
      null,
      null,
    ]);
  });
});
