/** Whether what is shown together contains different runs of one source, and how to say so (spec CA13). */
import type { MixedGenerations } from '@freshet/contracts';
import type { ContainedStream } from '@freshet/persistence';

/** A stream as one model, or one table read directly, contains it. */
export interface Contained extends ContainedStream {
  /** The model's name, or `slug.stream`. */
  name: string;
  modelId: string | null;
  sourceName: string;
}

/**
 * A stream that a later run left alone is no older for it: streams are behind when another input has the same stream at a later
 * revision, or contains a run that has changed this stream too.
 */
export function mixedGenerations(contents: readonly Contained[]): MixedGenerations | null {
  const mixed = [...Map.groupBy(contents, ({ sourceId }) => sourceId)].filter(([, streams]) =>
    isMixed(streams),
  );
  if (mixed.length === 0) return null;
  const sources = mixed.map(([sourceId, streams]) => ({
    sourceId,
    name: streams[0]?.sourceName ?? '',
    runs: runsOf(streams),
  }));
  return {
    sentence: `${sources.map(({ name, runs }) => told(name, runs)).join(' ')} They agree again once all of them are refreshed.`,
    sources: sources.map(({ sourceId, runs }) => ({
      sourceId,
      runs: runs.map(({ runId, models }) => ({ runId, models })),
    })),
  };
}

function isMixed(streams: readonly Contained[]): boolean {
  const newestRun = Math.max(...streams.map(({ runId }) => Number(runId ?? 0)));
  const latest = latestRevisions(streams);
  return streams.some(
    ({ streamId, revision, nextRunId }) =>
      revision < (latest.get(streamId) ?? 0) || (nextRunId !== null && Number(nextRunId) <= newestRun),
  );
}

const latestRevisions = (streams: readonly Contained[]): Map<string, number> => {
  const latest = new Map<string, number>();
  for (const { streamId, revision } of streams)
    latest.set(streamId, Math.max(revision, latest.get(streamId) ?? 0));
  return latest;
};

interface RunShown {
  runId: string | null;
  /** Part of a run that is still under way, or that ended midway. */
  partly: boolean;
  models: string[];
  names: string[];
}

/** Which inputs contain which run; those that already have rows of a run that is not complete are told apart. */
function runsOf(streams: readonly Contained[]): RunShown[] {
  const oldestOfRun = new Map<string, number>();
  const place = ({ streamId, runId }: Contained): string => `${streamId}:${runId}`;
  for (const stream of streams)
    oldestOfRun.set(
      place(stream),
      Math.min(stream.revision, oldestOfRun.get(place(stream)) ?? Number.POSITIVE_INFINITY),
    );
  const shown = new Map<string, RunShown>();
  for (const stream of streams) {
    const partly = stream.revision > (oldestOfRun.get(place(stream)) ?? 0);
    const runId = partly ? stream.openRunId : stream.runId;
    const run = shown.get(`${runId}:${partly}`) ?? { runId, partly, models: [], names: [] };
    if (stream.modelId !== null && !run.models.includes(stream.modelId)) run.models.push(stream.modelId);
    if (!run.names.includes(stream.name)) run.names.push(stream.name);
    shown.set(`${runId}:${partly}`, run);
  }
  return [...shown.values()].sort(
    (a, b) => Number(a.partly) - Number(b.partly) || Number(a.runId ?? 0) - Number(b.runId ?? 0),
  );
}

const told = (source: string, runs: readonly RunShown[]): string =>
  `Different syncs of ${source} are shown together: ${runs.map(toldRun).join(', ')}.`;

const toldRun = ({ runId, partly, names }: RunShown): string => {
  const verb = names.length === 1 ? 'contains' : 'contain';
  const run = partly
    ? `a part of ${runId ? `run ${runId}` : 'a run'} that is not complete`
    : runId
      ? `run ${runId}`
      : 'no complete run';
  return `${names.join(' and ')} ${verb} ${run}`;
};
