/** As-of times of many models at once, as `loadAsOf` gives them one by one: worked out from one read of vectors and runs. */
import type { AsOf } from '@freshet/contracts';
import type { ContainmentRows, ReadInput } from '@freshet/persistence';

type Tables = ContainmentRows['tables'][number];

export class Containment {
  private readonly vectors: ReadonlyMap<string, Record<string, number>>;
  private readonly tables: ReadonlyMap<string, Tables>;
  private readonly openRuns: ReadonlyMap<string, string>;
  /** Stream → the oldest revision of it that a version contains, by `model:version`. */
  private readonly known = new Map<string, ReadonlyMap<string, number>>();

  constructor({ vectors, tables, openRuns }: ContainmentRows) {
    this.vectors = new Map(vectors.map(({ modelId, version, vector }) => [`${modelId}:${version}`, vector]));
    this.tables = new Map(tables.map((table) => [`${table.streamId}:${table.revision}`, table]));
    this.openRuns = new Map(openRuns.map(({ sourceId, runId }) => [sourceId, runId]));
  }

  /** Per source, from the run of its oldest stream to that of its newest. */
  asOf(inputs: readonly ReadInput[]): AsOf[] {
    const bySource = new Map<string, Tables[]>();
    for (const [stream, revision] of this.streamsOf(inputs)) {
      const table = this.tables.get(`${stream}:${revision}`);
      if (table) bySource.set(table.sourceId, [...(bySource.get(table.sourceId) ?? []), table]);
    }
    return [...bySource]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([sourceId, tables]) => this.ofSource(sourceId, tables));
  }

  private ofSource(sourceId: string, tables: readonly Tables[]): AsOf {
    const oldestFirst = tables.toSorted((a, b) => (a.completedAt ?? '').localeCompare(b.completedAt ?? ''));
    const openRunId = this.openRuns.get(sourceId);
    return {
      sourceId,
      fromRunId: oldestFirst.at(0)?.runId ?? null,
      toRunId: oldestFirst.at(-1)?.runId ?? null,
      completedAt: oldestFirst.find(({ completedAt }) => completedAt !== null)?.completedAt ?? null,
      ...(openRunId !== undefined && { openRunId }),
    };
  }

  private streamsOf(inputs: readonly ReadInput[]): ReadonlyMap<string, number> {
    const streams = new Map<string, number>();
    const add = (stream: string, revision: number): void => {
      streams.set(stream, Math.min(revision, streams.get(stream) ?? revision));
    };
    for (const { kind, id, value } of inputs) {
      if (kind === 't') add(id, value);
      else for (const [stream, revision] of this.streamsOfVersion(id, value)) add(stream, revision);
    }
    return streams;
  }

  private streamsOfVersion(modelId: string, version: number): ReadonlyMap<string, number> {
    const key = `${modelId}:${version}`;
    const known = this.known.get(key);
    if (known) return known;
    const inputs = Object.entries(this.vectors.get(key) ?? {}).flatMap(([input, value]): ReadInput[] => {
      const [kind, id] = input.split(':');
      return id !== undefined && (kind === 't' || kind === 'm') ? [{ kind, id, value }] : [];
    });
    const streams = this.streamsOf(inputs);
    this.known.set(key, streams);
    return streams;
  }
}
