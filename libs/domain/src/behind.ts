/** Who is behind whom: which models have an owed model, a given-up model or a syncing source above them, at any depth. */
import type { CascadeIndex, Duty } from './cascade-index';
import { readersOf, type ModelInput } from './graph';

type Duties = ReadonlyMap<string, Duty>;

interface Origin {
  input: ModelInput;
  name: string;
}

/**
 * A change flows on through a model that will be refreshed when its inputs change. One that is off, paused, held,
 * frozen, pinned or in shadow mode lets nothing through: waiting for what is above it would be in vain. A given-up one
 * is tried again when its inputs change, so it does.
 */
const letsThrough = (duty: Duty): boolean => {
  const { stop, owed, model } = duty;
  if (duty.shadowed) return false;
  if (stop) return stop.code === 'given_up' || stop.code === 'input_missing';
  return owed || model.autoRefresh;
};

/** Model id → name of the nearest origin above it. Breadth first, so that the sentence names what is waited for next. */
function spread(index: CascadeIndex, duties: Duties, origins: Origin[]): Map<string, string> {
  const above = new Map<string, string>();
  const open = [...origins];
  for (let at = 0; at < open.length; at++) {
    const { input, name } = open[at] as Origin;
    for (const reader of readersOf(index.graph, input)) {
      if (above.has(reader)) continue;
      above.set(reader, name);
      const duty = duties.get(reader);
      if (duty && letsThrough(duty)) open.push({ input: { kind: 'm', id: reader }, name });
    }
  }
  return above;
}

const modelOrigins = (duties: Duties, isOrigin: (duty: Duty) => boolean): Origin[] =>
  [...duties.values()]
    .filter((duty) => !duty.shadowed && isOrigin(duty))
    .map(({ model }) => ({ input: { kind: 'm', id: model.id }, name: model.name }));

/**
 * Below a model that is owed and will run. Those that are off, paused, held or given up don't count as owed, nor do those
 * that wait for their set: it may be the one below for which the set waits.
 */
export const behindOwed = (
  index: CascadeIndex,
  duties: Duties,
  waitsForSet: (modelId: string) => boolean,
): Map<string, string> =>
  spread(
    index,
    duties,
    modelOrigins(duties, ({ owed, stop, model }) => owed && stop === null && !waitsForSet(model.id)),
  );

/** Below a model that is owed but was given up, so that nothing will come from it until something changes. */
export const behindGivenUp = (index: CascadeIndex, duties: Duties): Map<string, string> =>
  spread(
    index,
    duties,
    modelOrigins(duties, (duty) => duty.stop?.code === 'given_up'),
  );

/** Below a source whose sync is running, so that more may change soon. */
export function behindSyncing(index: CascadeIndex, duties: Duties, now: number): Map<string, string> {
  const origins = [...index.streams.values()].flatMap((stream): Origin[] => {
    const source = index.sources.get(stream.sourceId);
    const isSyncing = source?.syncingUntil != null && source.syncingUntil > now;
    return isSyncing ? [{ input: { kind: 't', id: stream.id }, name: source.name }] : [];
  });
  return spread(index, duties, origins);
}
