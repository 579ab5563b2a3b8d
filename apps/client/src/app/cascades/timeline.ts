/** The bars of a cascade: who waited, ran and was published when, as shares of the whole. */
import type { Cascade } from '@freshet/contracts';
import { cascadeItemStatus, type StatusName } from '../status/vocabulary';

export interface TimelineRow {
  modelId: string;
  name: string;
  status: StatusName;
  why: string;
  /** Percent of the whole: where waiting and running begin, and how long they are; null: it never began. */
  bar: { waitFrom: number; waits: number; runs: number } | null;
  /** Milliseconds from the cascade's start to the end of this model's part. */
  endedAfter: number | null;
}

export interface Timeline {
  rows: TimelineRow[];
  /** Milliseconds from its start to its end, or to `now` while it goes on. */
  length: number;
}

/** `now` is epoch milliseconds; what still runs ends there for the moment. */
export const timelineOf = (cascade: Cascade, now: number): Timeline => {
  const start = Date.parse(cascade.startedAt);
  const ends = cascade.items.flatMap(({ startedAt, publishedAt, ranMs }) =>
    publishedAt ? [Date.parse(publishedAt)] : startedAt ? [Date.parse(startedAt) + (ranMs ?? 0)] : [],
  );
  const end = cascade.completedAt ? Date.parse(cascade.completedAt) : Math.max(now, start);
  const length = Math.max(1, Math.max(end, ...ends) - start);
  const share = (milliseconds: number): number => (100 * Math.max(0, milliseconds)) / length;
  return {
    length,
    rows: cascade.items.map((item) => {
      const begun = item.startedAt === null ? null : Date.parse(item.startedAt);
      const ended =
        item.publishedAt !== null
          ? Date.parse(item.publishedAt)
          : begun === null
            ? null
            : item.state === 'running'
              ? now
              : begun + (item.ranMs ?? 0);
      const queued = item.queuedAt === null ? start : Date.parse(item.queuedAt);
      return {
        modelId: item.modelId,
        name: item.modelName,
        status: cascadeItemStatus(item.state),
        why: item.why,
        bar:
          begun === null || ended === null
            ? null
            : {
                waitFrom: share(Math.min(queued, begun) - start),
                waits: share(begun - Math.min(queued, begun)),
                runs: Math.max(0.5, share(ended - begun)),
              },
        endedAfter: ended === null || item.state === 'running' ? null : ended - start,
      };
    }),
  };
};
