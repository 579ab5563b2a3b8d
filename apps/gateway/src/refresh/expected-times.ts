/** When each refresh of a cascade is to be expected, by how long the models took before and how many may run at once (spec CA10). */

export interface PlannedModel {
  id: string;
  /** Ids of what it reads; those outside of the plan are there already. */
  reads: readonly string[];
  /** Milliseconds its last refresh took; null when it never was refreshed. */
  durationMs: number | null;
}

/** Milliseconds from the start of the cascade; null when something before it has no history. */
export interface ExpectedTime {
  startMs: number | null;
  endMs: number | null;
}

/**
 * As the dispatcher would: whatever has its inputs takes the next free slot, those that are ready longest first. A model
 * without history holds its slot for ever, as far as anybody can tell.
 * @param models each after those it reads
 */
export function expectedTimes(models: readonly PlannedModel[], slots: number): Map<string, ExpectedTime> {
  const times = new Map<string, ExpectedTime>();
  const free = Array.from({ length: slots }, () => 0);
  const open = new Set(models);
  const planned = new Set(models.map(({ id }) => id));
  const readyAt = ({ reads }: PlannedModel): number | undefined => {
    const ends = reads.filter((id) => planned.has(id)).map((id) => times.get(id));
    if (ends.includes(undefined)) return undefined;
    return Math.max(0, ...ends.map((time) => time?.endMs ?? Infinity));
  };
  while (open.size > 0) {
    const next = earliest([...open], readyAt);
    if (!next) break;
    const slot = free.indexOf(Math.min(...free));
    const startMs = Math.max(next.at, free[slot] ?? 0);
    const endMs = startMs + (next.model.durationMs ?? Infinity);
    if (startMs < Infinity) free[slot] = endMs;
    times.set(next.model.id, { startMs: known(startMs), endMs: known(endMs) });
    open.delete(next.model);
  }
  return times;
}

function earliest(
  models: readonly PlannedModel[],
  readyAt: (model: PlannedModel) => number | undefined,
): { model: PlannedModel; at: number } | undefined {
  let best: { model: PlannedModel; at: number } | undefined;
  for (const model of models) {
    const at = readyAt(model);
    if (at !== undefined && (!best || at < best.at)) best = { model, at };
  }
  return best;
}

const known = (milliseconds: number): number | null => (milliseconds === Infinity ? null : milliseconds);
