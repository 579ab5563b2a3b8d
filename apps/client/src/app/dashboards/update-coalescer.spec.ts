import { UpdateCoalescer, type Timer } from './update-coalescer';

class ManualTimer implements Timer {
  pending: (() => void) | null = null;
  after(_: number, then: () => void): () => void {
    this.pending = then;
    return () => (this.pending = null);
  }
  /** The window ends. */
  pass(): void {
    const then = this.pending;
    this.pending = null;
    then?.();
  }
}

describe('coalescing updates', () => {
  const flushed: string[][] = [];
  let timer: ManualTimer;
  let updates: UpdateCoalescer;
  beforeEach(() => {
    flushed.length = 0;
    timer = new ManualTimer();
    updates = new UpdateCoalescer((ids) => flushed.push([...ids]), 5_000, timer);
  });

  it('lets the first through at once', () => {
    updates.add('a');
    expect(flushed).toEqual([['a']]);
  });

  it('gathers what follows within the window into one', () => {
    for (const id of ['a', 'b', 'c', 'b']) updates.add(id);
    expect(flushed).toEqual([['a']]);
    timer.pass();
    expect(flushed).toEqual([['a'], ['b', 'c']]);
  });

  it('keeps to one update a window while the burst lasts', () => {
    updates.add('a');
    updates.add('b');
    timer.pass();
    updates.add('c');
    expect(flushed).toEqual([['a'], ['b']]);
    timer.pass();
    expect(flushed).toEqual([['a'], ['b'], ['c']]);
  });

  it('is quick again after a window without anything', () => {
    updates.add('a');
    timer.pass();
    updates.add('b');
    expect(flushed).toEqual([['a'], ['b']]);
  });

  it('forgets what waits once closed', () => {
    updates.add('a');
    updates.add('b');
    updates.close();
    expect(timer.pending).toBeNull();
    expect(flushed).toEqual([['a']]);
  });
});
