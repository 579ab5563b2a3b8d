/** Which models are behind what they read now, and whether something explains it: a reason that is recorded, or time that is not yet over. */
import { defaults } from '@freshet/contracts';
import { vectorsEqual, type InputVector } from '@freshet/domain';
import type { CascadeRecords, ModelRecord } from './load-cascade-records';

/** One entry of a vector that is not what it would be now. */
export interface Behind {
  key: string;
  name: string;
  /** Null: the latest finished refresh did not read it. */
  seen: number | null;
  now: number;
  /** When it moved on, epoch milliseconds, as far as that is known besides from runs. */
  since: number | null;
}

export interface Lag {
  model: ModelRecord;
  current: InputVector;
  behind: Behind[];
}

export type Explanation =
  | { kind: 'recorded'; reason: string }
  | { kind: 'pending'; reason: string }
  | { kind: 'unexplained'; reason: string };

/** Builds read heads: what waits to be published together with others, else what readers see. */
const headOf = (model: ModelRecord): number => model.candidateVersion ?? model.publishedVersion;

export const findLags = (records: CascadeRecords): Lag[] => {
  const streams = new Map(records.streams.map((stream) => [stream.id, stream]));
  const models = new Map(records.models.map((model) => [model.id, model]));
  return records.models.flatMap((model) => {
    if (model.deleted) return [];
    const own: Behind[] = [
      entry(model, 'd', 'its definition', model.definitionRevision, null),
      entry(model, 'f', 'the refreshes asked for', model.forced, null),
    ];
    const read = model.inputs.map(({ kind, id }): Behind => {
      const stream = kind === 't' ? streams.get(id) : undefined;
      const upstream = kind === 'm' ? models.get(id) : undefined;
      const now = stream?.revision ?? (upstream ? headOf(upstream) : 0);
      const moved = upstream ? Math.max(upstream.publishedAt ?? 0, upstream.candidateAt ?? 0) || null : null;
      return entry(model, `${kind}:${id}`, stream?.name ?? upstream?.name ?? `input ${id}`, now, moved);
    });
    const all = [...own, ...read];
    const current = Object.fromEntries(all.map(({ key, now }) => [key, now]));
    const behind = all.filter(({ seen, now }) => seen !== now);
    return behind.length ? [{ model, current, behind }] : [];
  });
};

/**
 * Both the history and the model's row have to say that it was seen: a row alone may have been written by anybody, and a model that was
 * rolled back counts, once released, as built from what its version was built from.
 */
const entry = (model: ModelRecord, key: string, name: string, now: number, since: number | null): Behind => {
  const told = model.seen?.[key] ?? null;
  return {
    key,
    name,
    seen: told === now ? (model.builtVector?.[key] ?? null) : told,
    now,
    since: model.seen ? since : model.createdAt,
  };
};

const gaveUp = 'it failed on these inputs and was given up';

/** Whether a set waits for it: it is still to be built, or it failed, so that the others are not published without it. */
export const keepsSetOpen = (lag: Lag, records: CascadeRecords): boolean => {
  const reason = standing(lag, records);
  return reason === null || reason === gaveUp;
};

/** What keeps a model where it is until a person or the data changes it. */
const standing = ({ model, current }: Lag, records: CascadeRecords): string | null => {
  for (const { kind, id } of model.inputs) {
    const stream = kind === 't' ? records.streams.find((each) => each.id === id) : undefined;
    const upstream = kind === 'm' ? records.models.find((each) => each.id === id) : undefined;
    if (!(stream ?? upstream) || stream?.deleted || upstream?.deleted)
      return 'something it reads was deleted';
    if (stream?.held) return 'a table it reads is held';
    if (stream && !stream.exists) return 'a table it reads was never loaded';
    if (upstream && headOf(upstream) === 0) return 'a model it reads was never built';
  }
  if (model.paused) return 'it is paused';
  const askedFor = model.seen === null || model.builtVector?.['f'] !== model.forced;
  if (!model.autoRefresh && !askedFor) return 'its auto-refresh is off';
  const givenUp =
    model.failureFinal ||
    model.vectorFailures >= defaults.refresh.attempts ||
    model.interruptions >= defaults.refresh.interruptions;
  if (givenUp && vectorsEqual(model.failedVector, current)) return model.failureRecorded ? gaveUp : null;
  return null;
};

/** Max wait, and time for a lease to run out and its work to be taken over, twice. */
export const patience = defaults.refresh.maxWait + 4 * defaults.lease;
/** When there is more work than slots, models wait in line. */
const patienceInLine = 30 * 60_000;

/**
 * A model in a together set keeps its candidate while others of the set are still to be built.
 * @param since when it fell behind, epoch milliseconds
 */
export const explainLag = (
  lag: Lag,
  lags: readonly Lag[],
  records: CascadeRecords,
  { now, since }: { now: number; since: number },
): Explanation => {
  const reason = standing(lag, records);
  if (reason) return { kind: 'recorded', reason };
  const { model } = lag;
  if (model.inWork) return { kind: 'pending', reason: 'Its next refresh is queued or runs.' };
  if (model.retryAt !== null && model.retryAt > now)
    return { kind: 'pending', reason: 'It is tried again soon.' };
  const others = lags.some((other) => other !== lag && keepsSetOpen(other, records));
  if (model.candidateVersion !== null && others)
    return { kind: 'pending', reason: 'Its candidate waits for the others of its set.' };
  const waited = now - since;
  if (waited < (records.busy ? patienceInLine : patience))
    return { kind: 'pending', reason: 'It is owed, and its time is not over.' };
  return {
    kind: 'unexplained',
    reason:
      `That is ${Math.round(waited / 1_000)} s ago, nothing of it is queued, and no reason is recorded. ` +
      'Look at whether refresh and scheduler run, then refresh it by hand.',
  };
};
