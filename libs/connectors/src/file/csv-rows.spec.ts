import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { csvRows } from './csv-rows';
import { RowCollector } from './row-collector';

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '\t', ' ', 'é', '🦆') }),
);
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
  );

const chunksOf = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

describe('csvRows', () => {
  it('gives back every cell of any table, whatever its delimiter, line ends and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (rows, delimiter, lineEnd, size) => {
          const header = rows[0]?.map((_, index) => `c${index}`) ?? [];
          const text = stringify([header, ...rows], {
            delimiter,
            record_delimiter: lineEnd,
            quoted: true,
            quoted_empty: true,
          });
          const collector = new RowCollector();
          const parser = csvRows({ delimiter, encoding: 'utf-8' }, collector);
          for (const chunk of chunksOf(Buffer.from(text), size)) await parser.write(chunk);
          await parser.end();
          const { rows: read, rejects, numbers } = collector.take();
          const expected = rows.map((row) => row.map((value) => Buffer.from(value).toString() || null));
          expect(read).toEqual(expected);
          expect(rejects).toEqual([]);
          expect(numbers).toEqual(rows.map((_, index) => index + 2));
        },
      ),
    );
  });
});
