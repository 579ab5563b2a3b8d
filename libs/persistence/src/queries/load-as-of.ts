/** Which completed sync runs some stream revisions and model versions contain, per source, worked out from the data. */
import type { AsOf } from '@freshet/contracts';
import type { Sql } from '../sql';
import { loadStreamContents, type ContainedStream } from './load-stream-contents';

export interface ReadInput {
  kind: 't' | 'm';
  id: string;
  /** Revision of a stream, version of a model. */
  value: number;
}

export const loadAsOf = async (sql: Sql, inputs: readonly ReadInput[]): Promise<AsOf[]> =>
  asOfContents(await loadStreamContents(sql, inputs));

/** Per source: the oldest and the newest of the runs that its streams are at; a stream counts by its oldest revision. */
export const asOfContents = (contents: readonly ContainedStream[]): AsOf[] => {
  const oldest = new Map<string, ContainedStream>();
  for (const stream of contents) {
    const other = oldest.get(stream.streamId);
    if (!other || stream.revision < other.revision) oldest.set(stream.streamId, stream);
  }
  const sources = Map.groupBy(oldest.values(), ({ sourceId }) => sourceId);
  return [...sources]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([sourceId, streams]) => {
      // Never completed is older than anything; times are ISO 8601 of one length, so that they sort as texts.
      const byAge = streams.toSorted((a, b) => compare(a.completedAt ?? '', b.completedAt ?? ''));
      const [from, to] = [byAge[0], byAge.at(-1)];
      return {
        sourceId,
        fromRunId: from?.runId ?? null,
        toRunId: to?.runId ?? null,
        completedAt: byAge.find(({ completedAt }) => completedAt)?.completedAt ?? null,
        ...(from?.openRunId ? { openRunId: from.openRunId } : {}),
      };
    });
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
