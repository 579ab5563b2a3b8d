/** Syncs: a lease on the source, slices that commit (or roll back) beside each other, ends that may never come. */
import { limits, streamOf, type World } from './world';

const sourceAt = (world: World, index: number) => world.sources[index % world.sources.length];

export function beginSync(world: World, index: number): void {
  const source = sourceAt(world, index);
  if (source) source.syncingUntil = world.now + limits.lease;
}

export function endSync(world: World, index: number): void {
  const source = sourceAt(world, index);
  if (source) source.syncingUntil = null;
}

/** Its transaction begins: it waits for the table's lock, and whatever it draws now it commits later. */
export function beginSlice(world: World, streamId: string): void {
  const stream = streamOf(world, streamId);
  if (stream.sliceOpen || stream.deleted) return;
  stream.sliceOpen = true;
  world.protocol.sliceBegins?.(streamId);
}

export function commitSlice(world: World, streamId: string, changesRows: boolean): void {
  const stream = streamOf(world, streamId);
  if (!stream.sliceOpen) return;
  stream.sliceOpen = false;
  if (!changesRows) return;
  stream.contents.push((stream.contents.at(-1) ?? 0) + 1);
  stream.revision++;
  world.protocol.sliceCommits?.(world, streamId);
}

export function rollBackSlice(world: World, streamId: string): void {
  streamOf(world, streamId).sliceOpen = false;
}
