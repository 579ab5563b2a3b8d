/** What a change would bring about before it is made: which models, in which order, and how long by their history (spec CA10). */
import { buildGraph, planCascade, type GraphModel } from './graph';

export interface PlannedImpact {
  /** In the order in which they would begin. */
  models: ImpactedModel[];
  /** Milliseconds from the first beginning to the last end; null when one of them has no history. */
  totalMs: number | null;
}

export interface ImpactedModel {
  modelId: string;
  /** Milliseconds its refresh takes, by its history; null without one. */
  durationMs: number | null;
  /** Milliseconds from the beginning of the cascade; null when something before it has no history. */
  startMs: number | null;
  endMs: number | null;
}

/** Streams that change, or a model whose definition does: that one is refreshed first. */
export interface ImpactCause {
  streamIds?: readonly string[];
  modelId?: string;
}

/**
 * Every affected model once, after those it reads, on the slots there are; when nothing else runs and every result
 * changes, so that it is the most a change brings about.
 * @param durations model id → milliseconds
 */
export function planImpact(
  models: Iterable<GraphModel & { deleted?: boolean }>,
  { streamIds = [], modelId }: ImpactCause,
  durations: ReadonlyMap<string, number>,
  slots: number,
): PlannedImpact {
  const graph = buildGraph([...models].filter(({ deleted }) => !deleted));
  const affected = planCascade(graph, streamIds, modelId === undefined ? [] : [modelId]);
  const ends = new Map<string, number | null>();
  const free = Array.from({ length: slots }, (): number | null => 0);
  const open = new Set(affected.map((each) => each.modelId));
  const planned: ImpactedModel[] = [];
  while (open.size > 0) {
    const next = [...open]
      .flatMap((id): { id: string; from: number | null }[] => {
        const above = (graph.inputs.get(id) ?? [])
          .filter(({ kind }) => kind === 'm')
          .map((input) => input.id);
        if (above.some((each) => open.has(each))) return [];
        return [{ id, from: latest(above.map((each) => (ends.has(each) ? (ends.get(each) ?? null) : 0))) }];
      })
      .reduce((first, each) => (orInfinity(each.from) < orInfinity(first.from) ? each : first));
    const slot = free.reduce<number>(
      (best, end, at) => (orInfinity(end) < orInfinity(free[best] ?? null) ? at : best),
      0,
    );
    const startMs = latest([next.from, free[slot] ?? null]);
    const durationMs = durations.get(next.id) ?? null;
    const endMs = startMs === null || durationMs === null ? null : startMs + durationMs;
    // How long a slot is held by one without a history nobody knows; the others are not reckoned to wait for it.
    free[slot] = endMs ?? free[slot] ?? 0;
    ends.set(next.id, endMs);
    open.delete(next.id);
    planned.push({ modelId: next.id, durationMs, startMs, endMs });
  }
  return { models: planned, totalMs: planned.length ? latest(planned.map(({ endMs }) => endMs)) : 0 };
}

const orInfinity = (time: number | null): number => time ?? Infinity;

/** The last of some times; null when one of them is not known. */
const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((last, time) => (last === null || time === null ? null : Math.max(last, time)), 0);
