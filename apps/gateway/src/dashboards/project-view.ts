/** What one project's names stand for at one moment, and what was worked out from that so far; shared by all who ask. */
import { FreshetError, type AsOf, type Cell, type MixedGenerations } from '@freshet/contracts';
import {
  asOfContents,
  type Catalog,
  type ContainedStream,
  type PublishedAt,
  type ReadInput,
} from '@freshet/persistence';
import type { BoundQuery } from '@freshet/warehouse';
import { ProjectNames } from '../models/project-names';
import { mixedGenerations, type Contained } from './mixed-generations';
import { cacheKey } from './result-cache';

export interface Question {
  sql: string;
  params: readonly Cell[];
}

/** What a result is made of. */
export interface Facts {
  /** Model id → version. */
  versions: Record<string, number>;
  asOf: AsOf[];
  contents: Contained[];
  mixed: MixedGenerations | null;
}

/** A question bound to the pointers of one moment. */
export interface Prepared {
  question: Question;
  projectId: string;
  organizationId: string;
  bound: BoundQuery;
  /** Tables of streams that it reads directly: the only inputs whose rows can change under it. */
  tables: { streamId: string; name: string; revision: number }[];
  facts: Facts;
  /** Of the result: see `cacheKey`. */
  key: string;
}

/** Questions remembered; more are prepared anew each time. */
const mostPrepared = 500;

export class ProjectView {
  readonly names: ProjectNames;
  /** By the input's own key. What a version's vector leads to, and which runs these are, is told of when it changes. */
  readonly contents = new Map<string, readonly ContainedStream[]>();
  private readonly prepared = new Map<string, Prepared>();

  constructor(
    readonly organizationId: string,
    readonly projectId: string,
    readonly catalog: Catalog,
    /** Refuses what can't be shown as it was, for a view of an earlier moment. */
    private readonly check: (bound: BoundQuery) => void = () => undefined,
  ) {
    this.names = new ProjectNames(projectId, catalog);
  }

  async bind({ sql }: Question): Promise<BoundQuery> {
    const bound = await this.names.bindToRun(sql);
    this.check(bound);
    return bound;
  }

  preparedBefore(question: Question): Prepared | undefined {
    return this.prepared.get(keyOf(question));
  }

  /** Those of the tables, as they were read before, that have other rows by now. */
  changed(tables: Prepared['tables']): string[] {
    const revisions = new Map(this.catalog.tables.map(({ streamId, revision }) => [streamId, revision]));
    return tables
      .filter(({ streamId, revision }) => revisions.get(streamId) !== revision)
      .map(({ name }) => name);
  }

  /** To be called when what it reads is in `contents`. */
  prepare(question: Question, bound: BoundQuery): Prepared {
    const { organizationId, projectId, names } = this;
    const inputs = names.inputsOf(bound);
    const contents = inputs.flatMap((input) => this.contentsOf(input));
    const facts = {
      versions: names.versionsOf(bound),
      asOf: asOfContents(contents),
      contents,
      mixed: mixedGenerations(contents),
    };
    const key = cacheKey({ organizationId, projectId, bound, inputs, params: question.params });
    const tables = this.catalog.tables
      .filter(({ streamId }) => bound.streams.includes(streamId))
      .map(({ streamId, slug, stream, revision }) => ({ streamId, name: `${slug}.${stream}`, revision }));
    const prepared = { question, organizationId, projectId, bound, tables, facts, key };
    if (this.prepared.size < mostPrepared) this.prepared.set(keyOf(question), prepared);
    return prepared;
  }

  private contentsOf(input: ReadInput): Contained[] {
    const modelId = input.kind === 'm' ? input.id : null;
    return (this.contents.get(inputKey(input)) ?? []).map((stream) => ({
      ...stream,
      name: this.nameOf(input),
      modelId,
      sourceName: this.sourceName(stream.sourceId),
    }));
  }

  /** The model's name, or `slug.stream`. */
  private nameOf({ kind, id }: ReadInput): string {
    if (kind === 'm') return this.names.model(id)?.name ?? id;
    const table = this.catalog.tables.find(({ streamId }) => streamId === id);
    return table ? `${table.slug}.${table.stream}` : id;
  }

  private sourceName(sourceId: string): string {
    return this.catalog.tables.find((table) => table.sourceId === sourceId)?.slug ?? 'a source';
  }

  /** The same project with each model at the version that was published at an earlier moment. */
  at(moment: string, published: readonly PublishedAt[]): ProjectView {
    const then = new Map(published.map((each) => [each.modelId, each]));
    const models = this.catalog.models.map((model) => ({
      ...model,
      version: then.get(model.modelId)?.version || model.version,
    }));
    return new ProjectView(this.organizationId, this.projectId, { ...this.catalog, models }, (bound) => {
      const [table] = bound.streams;
      if (table !== undefined)
        throw new FreshetError(
          'not_kept',
          `${this.nameOf({ kind: 't', id: table, value: 0 })} is a table of a source, of which only the present state is kept. Let a model read it to go back in time.`,
        );
      for (const id of bound.models) {
        const model = then.get(id);
        if (model?.version && model.kept) continue;
        throw notKept(this.names.model(id)?.name ?? id, moment, model);
      }
    });
  }
}

const keyOf = ({ sql, params }: Question): string => JSON.stringify([sql, params]);

export const inputKey = ({ kind, id, value }: ReadInput): string => `${kind}:${id}=${value}`;

function notKept(name: string, moment: string, model: PublishedAt | undefined): FreshetError {
  const since = model?.keptFrom ?? null;
  const why = model?.version
    ? `What ${name} showed at ${moment} is no longer kept.`
    : `${name} had not been published at ${moment}.`;
  return new FreshetError(
    'not_kept',
    since ? `${why} It can be shown as of ${since} and later.` : `${why} It can only be shown as it is now.`,
    { extra: { keptFrom: since } },
  );
}
