import { parseExactly } from './exact-json';

describe('JSON of Klaviyo', () => {
  it('keeps numbers that a double holds as numbers', () => {
    expect(parseExactly('{"a":12.5,"b":[0,-3],"c":123456789012345}')).toEqual({
      a: 12.5,
      b: [0, -3],
      c: 123_456_789_012_345,
    });
  });

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['64.5012345678901234', '64.5012345678901234'],
    ['-12345678901234.57', '-12345678901234.57'],
    ['1e21', '1e21'],
  ])('keeps every digit of %s as text', (number, text) => {
    expect(parseExactly(`{"value":${number}}`)).toEqual({ value: text });
  });

  it('leaves text that looks like a long number alone', () => {
    expect(parseExactly('{"id":"9007199254740993","n":1}')).toEqual({ id: '9007199254740993', n: 1 });
  });

  it('refuses what is no JSON', () => {
    expect(() => parseExactly('<html>')).toThrow(SyntaxError);
  });
});
