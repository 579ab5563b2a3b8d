/** What the names in people's SQL stand for: one read of all pointers of a project, and queries bound to it. */
import { FreshetError } from '@freshet/contracts';
import type { Catalog, CatalogModel, CatalogTable, InputEdge, ReadInput } from '@freshet/persistence';
import {
  bindQuery,
  namesIn,
  parseQuery,
  resolveIn,
  type BoundQuery,
  type ParsedQuery,
  type Resolve,
} from '@freshet/warehouse';

/** All queries bound to one of these see the same versions (spec DB6). */
export class ProjectNames {
  private readonly resolve: Resolve;
  private readonly known: string[];
  private readonly tables: Map<string, CatalogTable>;
  private readonly models: Map<string, CatalogModel>;

  constructor(projectId: string, catalog: Catalog) {
    this.tables = new Map(catalog.tables.map((table) => [table.streamId, table]));
    this.models = new Map(catalog.models.map((model) => [model.modelId, model]));
    this.resolve = resolveIn(projectId, catalog);
    this.known = namesIn(catalog);
  }

  /** Throws `sql_refused` for a name that stands for nothing. What it names need not have been built. */
  bind(query: ParsedQuery): BoundQuery {
    return bindQuery(query, this.resolve, { known: this.known });
  }

  /** As `bind`, for running it. Throws `input_not_built` when one of its inputs has no rows yet. */
  async bindToRun(sql: string): Promise<BoundQuery> {
    const bound = this.bind(await parseQuery(sql));
    const unbuilt = bound.models.map((id) => this.models.get(id)).find((model) => model?.version === 0);
    if (unbuilt)
      throw notBuilt(
        `The model ${unbuilt.name} has not been built yet. It is built by itself; try again in a moment.`,
      );
    const unloaded = bound.streams.map((id) => this.tables.get(id)).find((table) => table?.generation === 0);
    if (unloaded)
      throw notBuilt(
        `${unloaded.slug}.${unloaded.stream} has not been synced yet. Try again when its first sync is done.`,
      );
    return bound;
  }

  /** Everything a bound query reads, with the revision or version that it would read now. */
  inputsOf({ streams, models }: Pick<BoundQuery, 'streams' | 'models'>): ReadInput[] {
    return [
      ...streams.map((id): ReadInput => ({ kind: 't', id, value: this.tables.get(id)?.revision ?? 0 })),
      ...models.map((id): ReadInput => ({ kind: 'm', id, value: this.models.get(id)?.version ?? 0 })),
    ];
  }

  /** Model id → version. */
  versionsOf({ models }: Pick<BoundQuery, 'models'>): Record<string, number> {
    return Object.fromEntries(models.map((id) => [id, this.models.get(id)?.version ?? 0]));
  }

  upstreamOf({ streams, models }: Pick<BoundQuery, 'streams' | 'models'>) {
    return {
      tables: streams.flatMap((id) => {
        const table = this.tables.get(id);
        return table
          ? [{ streamId: id, sourceId: table.sourceId, name: `${table.slug}.${table.stream}` }]
          : [];
      }),
      models: models.map((id) => ({ id, name: this.models.get(id)?.name ?? '' })),
    };
  }

  model(id: string): CatalogModel | undefined {
    return this.models.get(id);
  }
}

/** The edges of the graph that a query makes. */
export const edgesOf = ({ streams, models }: Pick<BoundQuery, 'streams' | 'models'>): InputEdge[] => [
  ...streams.map((id): InputEdge => ({ kind: 't', id })),
  ...models.map((id): InputEdge => ({ kind: 'm', id })),
];

const notBuilt = (message: string): FreshetError => new FreshetError('input_not_built', message);
