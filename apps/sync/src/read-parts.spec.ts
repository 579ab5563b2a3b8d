import type { Batch } from '@freshet/connectors';
import { readParts } from './read-parts';

const batchOf = (place: number, rows: number, resumable = true): Batch => ({
  columns: [{ name: 'id', type: 'bigint' }],
  rows: Array.from({ length: rows }, (_, row) => [String(row)]),
  rejects: [],
  checkpoint: resumable ? { place } : null,
  progress: null,
  notModified: false,
});

const partsOf = async (batches: readonly Batch[]): Promise<{ rows: number; checkpoint: unknown }[]> => {
  const found: { rows: number; checkpoint: unknown }[] = [];
  const sent = async function* (): AsyncGenerator<Batch> {
    yield* batches;
  };
  for await (const part of readParts(sent(), 'at-checkpoints')) {
    let rows = 0;
    for await (const batch of part.rows()) rows += batch.length;
    found.push({ rows, checkpoint: part.checkpoint });
    await part.close();
  }
  return found;
};

describe('parts of a stream that can be read on from its checkpoints', () => {
  it('grow with what was read, so that many pages are few transactions', async () => {
    const pages = Array.from({ length: 40 }, (_, place) => batchOf(place, 10));
    expect((await partsOf(pages)).map(({ rows }) => rows)).toEqual([10, 10, 20, 40, 80, 160, 80]);
  });

  it('stay below a limit', async () => {
    const pages = Array.from({ length: 10 }, (_, place) => batchOf(place, 40_000));
    expect(Math.max(...(await partsOf(pages)).map(({ rows }) => rows))).toBe(80_000);
  });

  it('end where reading can resume, with the checkpoint of their last page', async () => {
    const pages = [
      batchOf(0, 5, false),
      batchOf(1, 5),
      batchOf(2, 10),
      batchOf(3, 15, false),
      batchOf(4, 15),
    ];
    expect(await partsOf(pages)).toEqual([
      { rows: 10, checkpoint: { place: 1 } },
      { rows: 10, checkpoint: { place: 2 } },
      { rows: 30, checkpoint: { place: 4 } },
    ]);
  });
});
