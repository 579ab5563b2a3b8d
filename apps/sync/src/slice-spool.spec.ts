import type { Row } from '@freshet/warehouse';
import fc from 'fast-check';
import { SliceSpool } from './slice-spool';

const read = async (spool: SliceSpool): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const batch of spool.rows()) rows.push(...batch);
  return rows;
};

jest.setTimeout(20_000);

describe('the rows of a slice', () => {
  it('stay in memory while they are few', async () => {
    const spool = new SliceSpool();
    await spool.add([['1', 'a']]);
    expect([spool.isOnDisk, await read(spool)]).toEqual([false, [['1', 'a']]]);
  });

  it('move to a file when they are many, in batches that are small whatever they came in', async () => {
    const spool = new SliceSpool(1_000);
    const rows = Array.from({ length: 5_000 }, (_, at): Row => [String(at), 'x'.repeat(10)]);
    await spool.add(rows.slice(0, 10));
    await spool.add(rows.slice(10));
    const sizes: number[] = [];
    for await (const batch of spool.rows()) sizes.push(batch.length);
    expect(spool.isOnDisk).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
    expect(await read(spool)).toEqual(rows);
    await spool.close();
  });

  it('come back as they were, wherever they were kept', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const batches = fc.array(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(600), async (given, memory) => {
        const spool = new SliceSpool(memory);
        for (const batch of given) await spool.add(batch);
        // A negative zero becomes zero on disk, which PostgreSQL takes for the same.
        expect(JSON.stringify(await read(spool))).toBe(JSON.stringify(given.flat()));
        await spool.close();
      }),
      { numRuns: 20 },
    );
  });
});
