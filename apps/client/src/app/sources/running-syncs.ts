/** How far each running sync is, as the socket tells; what a page read before is older than what is here. */
import { computed, inject } from '@angular/core';
import type { SyncRun } from '@freshet/contracts';
import { patchState, signalStore, withHooks, withMethods, withState } from '@ngrx/signals';
import { LiveUpdates } from '../live/live-updates';

export interface Progress {
  /** 0–1, or null while the total is unknown. */
  progress: number | null;
  rows: number;
  stream: string | null;
}

/** Runs that ended: what was last told of them stays until pages have read their end. */
const endedKept = 20;

export const RunningSyncs = signalStore(
  { providedIn: 'root' },
  withState<{ byRun: Record<string, Progress>; ended: readonly string[] }>({ byRun: {}, ended: [] }),
  withMethods((store) => ({
    /** The newest word on a run: from the socket if it said anything, else from the run as it was read. */
    progressOf: (runId: string, read?: Pick<SyncRun, 'progress' | 'rowsRead'>): Progress | null => {
      const told = store.byRun()[runId];
      if (!read) return told ?? null;
      // A read that came later than the last event may know more.
      if (told && told.rows >= read.rowsRead) return told;
      return { progress: read.progress, rows: read.rowsRead, stream: told?.stream ?? null };
    },
    tell: (runId: string, progress: Progress): void =>
      patchState(store, ({ byRun }) => ({ byRun: { ...byRun, [runId]: progress } })),
    over: (runId: string): void =>
      patchState(store, ({ byRun, ended }) => {
        const all = [...ended, runId];
        const forgotten = all.slice(0, -endedKept);
        return {
          byRun: Object.fromEntries(Object.entries(byRun).filter(([id]) => !forgotten.includes(id))),
          ended: all.slice(-endedKept),
        };
      }),
    forget: (): void => patchState(store, { byRun: {}, ended: [] }),
  })),
  withHooks((store, live = inject(LiveUpdates)) => ({
    onInit: () => {
      live.on('sync:progress', ({ payload }) =>
        store.tell(payload.runId, { progress: payload.progress, rows: payload.rows, stream: payload.stream }),
      );
      live.on(
        ['sync:completed', 'sync:failed', 'sync:cancelled'],
        ({ payload }) => store.over(payload.runId),
        { resync: () => store.forget() },
      );
    },
  })),
);

export type RunningSyncs = InstanceType<typeof RunningSyncs>;

/** The events after which a source or its runs read differently; progress is told by `RunningSyncs`. */
export const syncEvents = [
  'sync:queued',
  'sync:started',
  'sync:waiting',
  'sync:completed',
  'sync:failed',
  'sync:cancelled',
  'sync:held',
] as const;

/** Grows whenever this source (or, without an id, any source) reads differently. Needs an injection context. */
export const sourceChanges = (sourceId?: () => string): (() => number) => {
  const live = inject(LiveUpdates);
  const isMine = (id: string): boolean => sourceId === undefined || sourceId() === id;
  const runs = live.changes(syncEvents, ({ payload }) => isMine(payload.sourceId));
  const edits = live.changes(
    ['resource:changed', 'freshness:changed'],
    ({ payload }) => payload.kind === 'source' && isMine(payload.id),
  );
  return computed(() => runs() + edits());
};
