import { usePostgres } from '@freshet/testing';
import fc from 'fast-check';
import { type ColumnType, columnTypes } from './column-types';
import type { Cell, Row } from './slice';
import { useStreams } from './stream-under-test';

const { newStream } = useStreams(usePostgres());
jest.setTimeout(60_000);
const runs = { numRuns: 25 };

/** Few values, so that rows meet; each is what PostgreSQL shows of it. */
const id = fc.constantFrom('1', '2', '3', '4', '9007199254740993');
const row = fc.tuple(
  id,
  fc.constant(null),
  fc.constantFrom('1', '1.0', '1.00', null),
  fc.constantFrom('', 'a', '\\N', '\t', '🙂', null),
);
const file = fc.array(row, { maxLength: 12 });
/** So few different rows that most occur several times. */
const repeated = fc.tuple(
  fc.constantFrom('1', '2'),
  fc.constant(null),
  fc.constantFrom('1', '1.0'),
  fc.constant('a'),
);
const repeatedFiles = fc.array(fc.array(repeated, { maxLength: 8 }), { minLength: 2, maxLength: 3 });
const files = fc.array(file, { minLength: 2, maxLength: 3 });

const sorted = (rows: Iterable<readonly unknown[]>): unknown[][] =>
  [...rows].map((cells) => [...cells]).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const byKey = (rows: readonly Row[]): Map<Cell, Row> => new Map(rows.map((cells) => [cells[0], cells]));

describe('any sequence of files', () => {
  it('leaves the last one with replace-all and a key', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (sequence) => {
        const stream = await newStream();
        for (const rows of sequence) await stream.load('replace-all', rows);
        expect(sorted(await stream.rows())).toEqual(sorted(byKey(sequence.at(-1) ?? []).values()));
      }),
      runs,
    );
  });

  it('leaves the last one, row by row, with replace-all and no key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(files, repeatedFiles), async (sequence) => {
        const stream = await newStream({ key: [] });
        for (const rows of sequence) await stream.load('replace-all', rows);
        expect(sorted(await stream.rows())).toEqual(sorted(sequence.at(-1) ?? []));
      }),
      runs,
    );
  });

  it('leaves the union by key with upsert', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (sequence) => {
        const stream = await newStream();
        for (const rows of sequence) await stream.load('upsert', rows);
        expect(sorted(await stream.rows())).toEqual(sorted(byKey(sequence.flat()).values()));
      }),
      runs,
    );
  });

  it('is counted truly: rows and counts agree, and what is unchanged was not written', async () => {
    const mode = fc.constantFrom('upsert' as const, 'replace-all' as const, 'append' as const);
    await fc.assert(
      fc.asyncProperty(fc.tuple(file, file), mode, async ([first, second], chosen) => {
        const stream = await newStream();
        await stream.load('upsert', first);
        const [rows, traces] = [await stream.rows(), await stream.traces()];
        const result = await stream.load(chosen, second);
        const { received, inserted, updated, unchanged, deleted, rejected, superseded, changed } = result;
        expect(inserted + updated + unchanged + rejected + superseded).toBe(received);
        expect(await stream.rows()).toHaveLength(rows.length + inserted - deleted);
        expect(changed).toBe(inserted + updated + deleted > 0);
        if (!changed) expect(await stream.traces()).toEqual(traces);
      }),
      runs,
    );
  });
});

it('lets through only values that PostgreSQL takes, and loads each as what it is', async () => {
  const digits = fc.stringMatching(/^[+-]?\d{0,22}\.?\d{0,5}(e[+-]?\d{1,3})?$/);
  const day = fc.stringMatching(
    /^\d{4}-[01]\d-[0-3]\d([T ][0-2]\d:[0-5]\d(:[0-6]\d(\.\d{1,7})?)?( ?Z|[+-][01]\d:?[0-5]\d)?)?$/,
  );
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    digits,
    day,
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.json(),
    fc.jsonValue(),
  );
  const type = fc.constantFrom<ColumnType>(...columnTypes);
  await fc.assert(
    fc.asyncProperty(type, fc.array(cell, { minLength: 20, maxLength: 60 }), async (chosen, cells) => {
      const stream = await newStream({ key: [], of: [{ name: 'value', type: chosen }] });
      const limits = { rejects: { share: 1, rows: cells.length } };
      const result = await stream.load(
        'append',
        cells.map((value) => [value as Cell]),
        { limits },
      );
      expect(result.inserted + result.rejected).toBe(cells.length);
      expect(result.rejects.filter(({ raw }) => raw === '')).toEqual([]);
      const strings = cells.filter(
        (value): value is string => typeof value === 'string' && !/[\0\ud800-\udfff]/u.test(value),
      );
      const stored = new Set((await stream.rows()).map(([value]) => value));
      if (chosen === 'text') for (const value of strings) expect(stored).toContain(value);
    }),
    { numRuns: 30 },
  );
});
