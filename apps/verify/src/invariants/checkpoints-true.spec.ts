import { findWrongBooks, type RunOfStream } from './checkpoints-true';

const stream = { id: '1', name: 'ga.traffic', generation: 1, revision: 20, hasCheckpoint: true, rowCount: 0 };
const run = (runId: string, fromRevision: number, toRevision: number, givesWay = false): RunOfStream => ({
  runId,
  streamId: '1',
  runStatus: 'completed',
  fromRevision,
  toRevision,
  inserted: 0,
  deleted: 0,
  ended: true,
  givesWay,
});

describe('the revisions of a stream', () => {
  it('follow each other run by run, also within one that made room for others', () => {
    expect(findWrongBooks(stream, [run('1', 0, 10), run('2', 10, 20)])).toEqual([]);
    expect(findWrongBooks(stream, [run('1', 0, 10), run('3', 15, 17), run('2', 10, 20, true)])).toEqual([]);
  });

  it('are wrong where two runs wrote at once', () => {
    expect(findWrongBooks(stream, [run('1', 0, 10), run('3', 15, 17), run('2', 10, 20)])).toHaveLength(2);
    expect(findWrongBooks(stream, [run('1', 0, 10, true), run('2', 15, 20)])).toHaveLength(1);
  });
});
