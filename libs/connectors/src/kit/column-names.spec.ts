import fc from 'fast-check';
import { columnName, columnNamer } from './column-names';

describe('columnName', () => {
  it.each([
    ['Customer ID', 'customer_id'],
    ['  price (€) ', 'price'],
    ['2024', '_2024'],
    ['Größe', 'größe'],
    ['ﬁrst', 'first'],
    ['a--b..c', 'a_b_c'],
    ['ctid', 'ctid_'],
    ['_private', 'private'],
    ['!!!', ''],
  ])('%p becomes %p', (label, name) => {
    expect(columnName(label)).toBe(name);
  });

  it('fits what PostgreSQL keeps of a name, whatever the script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (label) => {
        const name = columnName(label);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}_]*$/u);
      }),
    );
  });
});

describe('columnNamer', () => {
  const namesOf = (labels: string[]): string[] => labels.map(columnNamer());

  it('numbers what repeats and what has no name', () => {
    expect(namesOf(['Reserved', 'reserved', '', 'RESERVED', 'column_3'])).toEqual([
      'reserved',
      'reserved_2',
      'column_3',
      'reserved_3',
      'column_3_2',
    ]);
  });

  it('gives every label its own name', () => {
    const label = fc.oneof(
      fc.string(),
      fc.constantFrom('a', 'A', 'a_2', 'a_3', ''),
      fc.constant('x'.repeat(80)),
    );
    fc.assert(
      fc.property(fc.array(label), (labels) => {
        expect(new Set(namesOf(labels)).size).toBe(labels.length);
      }),
    );
  });
});
