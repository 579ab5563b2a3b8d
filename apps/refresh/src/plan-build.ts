/** Reads, in one snapshot, what a build is made from, and binds every name in it to a table. */
import { FreshetError, type Guard } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import {
  loadBuild,
  loadCatalog,
  type BuildDefinition,
  type Catalog,
  type InputEdge,
  type Sql,
} from '@freshet/persistence';
import {
  bindGuards,
  bindQuery,
  modelTable,
  namesIn,
  parseQuery,
  resolveIn,
  streamTable,
  unbuiltInputs,
  type BoundQuery,
  type ChosenVersions,
} from '@freshet/warehouse';

export interface BuildPlan {
  definition: BuildDefinition;
  /** Number of the attempt, and of the version it builds. */
  attempt: number;
  bound: BoundQuery;
  /** See `ParsedQuery.groupKey`. */
  groupKey: readonly number[];
  /** What was read in the snapshot is what is built from (spec RF9). */
  vector: InputVector;
  inputs: InputEdge[];
  /** The inputs as people name them, each with its revision or version: `shop.orders 812, daily 18`. */
  contents: string;
  /** Tables of the inputs → the names people know them by. */
  names: ReadonlyMap<string, string>;
  /** The query of an SQL guard, in which the model's own name means the version that is being built. */
  boundGuard: (guard: Guard) => string;
}

/** @param sql of a session inside the exported snapshot */
export const planBuild = async (sql: Sql, modelId: string, attempt: number): Promise<BuildPlan> => {
  const definition = await loadBuild(sql, modelId);
  if (!definition) throw new FreshetError('not_found', 'The model was deleted.');
  const catalog = await loadCatalog(sql, definition.projectId);
  const heads = headsOf(catalog);
  const parsed = await parseQuery(definition.sql);
  const bound = bindQuery(parsed, resolveIn(definition.projectId, catalog, heads), {
    known: namesIn(catalog),
  });
  const [unbuilt] = unbuiltInputs(bound, catalog, heads);
  if (unbuilt) throw new FreshetError('input_not_built', `${unbuilt}, which it reads, has no data yet.`);
  const inputs = [
    ...bound.streams.map((id): InputEdge => ({ kind: 't', id })),
    ...bound.models.map((id): InputEdge => ({ kind: 'm', id })),
  ];
  const boundGuard = await bindGuards(definition.guards, {
    projectId: definition.projectId,
    catalog,
    model: { modelId: definition.id, name: definition.name, version: attempt },
    ...heads,
  });
  const vector = vectorOf(definition, inputs, catalog);
  return {
    definition,
    attempt,
    bound,
    groupKey: parsed.groupKey,
    inputs,
    vector,
    contents: contentsOf(inputs, vector, catalog),
    names: tableNames(catalog),
    boundGuard,
  };
};

/** Versions that wait for their set count as built for those below; readers never see them. */
const headsOf = ({ models }: Catalog): Required<ChosenVersions> => {
  const heads = new Map(models.map(({ modelId, version, candidate }) => [modelId, candidate ?? version]));
  return { versionOf: (modelId) => heads.get(modelId) };
};

const tableNames = (catalog: Catalog): ReadonlyMap<string, string> => {
  const heads = headsOf(catalog);
  return new Map([
    ...catalog.tables.map(
      ({ streamId, generation, slug, stream }) =>
        [streamTable(streamId, generation), `${slug}.${stream}`] as const,
    ),
    ...catalog.models.map(
      ({ modelId, name }) => [modelTable(modelId, heads.versionOf(modelId) ?? 0), name] as const,
    ),
  ]);
};

const vectorOf = (
  { definitionRevision, forced }: BuildDefinition,
  inputs: readonly InputEdge[],
  catalog: Catalog,
): InputVector => {
  const revisions = new Map(catalog.tables.map(({ streamId, revision }) => [streamId, revision]));
  const heads = headsOf(catalog);
  const vector: InputVector = { d: definitionRevision, f: forced };
  for (const { kind, id } of inputs)
    vector[`${kind}:${id}`] = (kind === 't' ? revisions.get(id) : heads.versionOf(id)) ?? 0;
  return vector;
};

const contentsOf = (
  inputs: readonly InputEdge[],
  vector: InputVector,
  { tables, models }: Catalog,
): string => {
  const names = new Map<string, string>([
    ...tables.map(({ streamId, slug, stream }) => [`t:${streamId}`, `${slug}.${stream}`] as const),
    ...models.map(({ modelId, name }) => [`m:${modelId}`, name] as const),
  ]);
  return inputs
    .map(({ kind, id }) => `${kind}:${id}`)
    .map((key) => `${names.get(key) ?? key} ${vector[key] ?? 0}`)
    .join(', ');
};
