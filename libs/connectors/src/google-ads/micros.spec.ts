import fc from 'fast-check';
import { fromMicros } from './micros';

describe('micros', () => {
  it.each([
    ['1234567', '1.234567'],
    ['1200000', '1.2'],
    ['5000000', '5'],
    ['1', '0.000001'],
    ['0', '0'],
    ['-2500000', '-2.5'],
    ['9007199254740993', '9007199254.740993'],
    ['9223372036854775807', '9223372036854.775807'],
  ])('turns %s into %s', (micros, money) => {
    expect(fromMicros(micros)).toBe(money);
  });

  it('keeps what is missing or no number missing', () => {
    expect([null, undefined, '', '1.5', 'x'].map(fromMicros)).toEqual([null, null, null, null, null]);
  });

  it('loses no digit of any int64', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (micros) => {
        const [, sign = '', whole = '', fraction = ''] =
          /^(-?)(\d+)\.?(\d*)$/.exec(fromMicros(String(micros)) ?? '') ?? [];
        expect(BigInt(sign + whole + fraction.padEnd(6, '0'))).toBe(micros);
      }),
    );
  });
});
