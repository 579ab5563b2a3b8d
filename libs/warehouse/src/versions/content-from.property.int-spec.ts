import { usePostgres } from '@freshet/testing';
import fc from 'fast-check';
import { compareVersions, contentFrom } from './compare-versions';
import { hashContent } from './content-hash';
import { modelId, projectId, useProject } from './project-under-test';
import { escapeLiteral } from '../sql-names';

const { asSystem } = useProject(usePostgres());

interface Row {
  id: number | null;
  name: string | null;
  price: string | null;
  tags: string | null;
}

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'name', type: 'text' },
  { name: 'price', type: 'numeric' },
  { name: 'tags', type: 'integer[]' },
];

/** Few different values, so that rows meet; numbers that are equal and written otherwise. */
const row = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  name: fc.constantFrom(null, '', 'a', 'b'),
  price: fc.constantFrom(null, '1', '1.0', '2'),
  tags: fc.constantFrom(null, '{}', '{1}', '{NULL}'),
});
const keyed = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 6 });
const unkeyed = fc.array(row, { maxLength: 6 });
const gappy = fc
  .tuple(keyed, fc.array(row, { maxLength: 2 }))
  .map(([rows, gaps]): Row[] => [...rows, ...gaps.map((each) => ({ ...each, id: null }))]);

/** Of a group without id there is one row at most. */
const gaps: Row[][] = [[], [{ id: null, name: 'a', price: '1', tags: null }]];

const written = (each: Row): string => JSON.stringify(each);
const surplus = (rows: readonly Row[], others: readonly Row[]): number => {
  const rest = others.map(written);
  return rows.filter((each) => {
    const at = rest.indexOf(written(each));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  }).length;
};
const asMultisets = (before: readonly Row[], after: readonly Row[]) => ({
  rowsAdded: surplus(after, before),
  rowsRemoved: surplus(before, after),
  rowsChanged: 0,
});
const byKey = (before: readonly Row[], after: readonly Row[]) => {
  const partner = (each: Row, others: readonly Row[]): Row | undefined =>
    others.find(({ id }) => id === each.id);
  return {
    rowsAdded: after.filter((each) => !partner(each, before)).length,
    rowsRemoved: before.filter((each) => !partner(each, after)).length,
    rowsChanged: after.filter((each) => {
      const old = partner(each, before);
      return old && written(old) !== written(each);
    }).length,
  };
};

const literal = (value: string | number | null, type: string): string =>
  `${value === null ? 'NULL' : escapeLiteral(String(value))}::${type}`;

const found = (before: readonly Row[], after: readonly Row[], isUnique: boolean, groupedBy: string[] = []) =>
  asSystem(async (client) => {
    const [old, next] = ['p_7.m_42_v1', 'p_7.m_42_v2'];
    for (const [table, rows] of [
      [old, before],
      [next, after],
    ] as const) {
      const values = rows.map(
        ({ id, name, price, tags }) =>
          `INSERT INTO ${table} VALUES (${literal(id, 'integer')}, ${literal(name, 'text')}, ${literal(price, 'numeric')}, ${literal(tags, 'integer[]')})`,
      );
      await client.query(
        `DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (id integer, name text, price numeric, tags integer[]); ${values.join(';')}`,
      );
      if (isUnique) await client.query(`CREATE UNIQUE INDEX ON ${table} (id)`);
    }
    const base = { version: 1, columns, ...(await hashContent(client, old, columns)) };
    const request = {
      projectId,
      modelId,
      base,
      next: { version: 2, columns, rowCount: after.length },
      groupedBy,
    };
    const versions = { projectId, modelId, old: { version: 1, columns }, next: { version: 2, columns } };
    return {
      content: await contentFrom(client, request),
      difference: await compareVersions(client, { ...versions, ...(isUnique && { key: ['id'] }) }),
      whole: await hashContent(client, next, columns),
    };
  });

describe('content found by comparing', () => {
  it.each<[string, fc.Arbitrary<Row[]>, boolean]>([
    ['rows with a key', keyed, true],
    ['rows without one', unkeyed, false],
    ['rows of which some have an empty key', gappy, true],
  ])('is the content of the whole, and counts what differs: %s', async (_, rows, isUnique) => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before: Row[], after: Row[]) => {
        const { content, difference, whole } = await found(before, after, isUnique);
        const hasGap = [...before, ...after].some(({ id }) => id === null);
        const expected = (isUnique && !hasGap ? byKey : asMultisets)(before, after);
        expect(content).toEqual({ ...whole, difference: expected });
        expect(difference).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it.each<[string, fc.Arbitrary<Row[]>, fc.Arbitrary<Row[]>]>([
    ['before too', keyed, keyed],
    ['but not before', unkeyed, keyed],
    [
      'some by nothing',
      gappy,
      keyed.chain((rows) => fc.constantFrom(...gaps.map((gap) => [...rows, ...gap]))),
    ],
  ])('is the same when rows are grouped by a column, %s', async (_, rowsBefore, rowsAfter) => {
    await fc.assert(
      fc.asyncProperty(rowsBefore, rowsAfter, async (before: Row[], after: Row[]) => {
        const { content, whole } = await found(before, after, false, ['id']);
        expect(content).toEqual({ ...whole, difference: asMultisets(before, after) });
      }),
      { numRuns: 40 },
    );
  });

  it('is not to be had where columns or counts do not fit', async () => {
    const [one, two] = [
      { id: 1, name: 'a', price: null, tags: null },
      { id: 2, name: 'a', price: null, tags: null },
    ];
    await found([one], [one, two], true);
    await asSystem(async (client) => {
      const base = { version: 1, columns, ...(await hashContent(client, 'p_7.m_42_v1', columns)) };
      const other = columns.map((column) => ({ ...column, type: 'text' }));
      const of = (next: { columns: typeof columns; rowCount: number }, from = base) =>
        contentFrom(client, { projectId, modelId, base: from, next: { version: 2, ...next } });
      expect(await of({ columns, rowCount: 3 })).toBeNull();
      expect(await of({ columns: other, rowCount: 2 })).toBeNull();
      expect(await of({ columns, rowCount: 2 }, { ...base, contentHash: 'of another kind' })).toBeNull();
      expect(await of({ columns, rowCount: 2 })).not.toBeNull();
    });
  });
});
