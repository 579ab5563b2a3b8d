import fc from 'fast-check';

import { decoderOf } from './decode-values';

const text = decoderOf(1009, 25);
const integers = decoderOf(1007, 23);

describe('values as JSON', () => {
  it.each([
    ['{}', []],
    ['{1,NULL,-3}', [1, null, -3]],
    [
      '{{1,2},{3,NULL}}',
      [
        [1, 2],
        [3, null],
      ],
    ],
    ['[0:1]={7,8}', [7, 8]],
    ['{{{1}}}', [[[1]]]],
  ])('reads the array %s', (written, value) => expect(integers(written)).toEqual(value));

  it('reads arrays of any text', () => {
    const write = (texts: (string | null)[]): string =>
      `{${texts.map((item) => (item === null ? 'NULL' : `"${item.replaceAll(/["\\]/g, '\\$&')}"`)).join(',')}}`;
    fc.assert(
      fc.property(fc.array(fc.option(fc.string())), (texts) => expect(text(write(texts))).toEqual(texts)),
    );
  });

  it.each([
    [1184, '2024-01-02 03:04:05.1+00', '2024-01-02T03:04:05.1Z'],
    [1114, '12024-01-02 03:04:05', '12024-01-02T03:04:05Z'],
    [1114, '0044-03-15 00:00:00 BC', '0044-03-15 00:00:00 BC'],
    [1082, '2024-01-02', '2024-01-02'],
    [20, '9223372036854775807', '9223372036854775807'],
    [701, '1e-07', 1e-7],
    [701, 'Infinity', 'Infinity'],
    [3802, '{"a": [1, null]}', { a: [1, null] }],
    [16, 'f', false],
  ])('of type %i: %s', (type, written, value) => expect(decoderOf(type)(written)).toEqual(value));
});
