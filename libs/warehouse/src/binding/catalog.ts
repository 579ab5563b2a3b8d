/** A project's names and what they stand for at one moment; persistence loads it, binding resolves by it. */
import { escapeIdentifier } from 'pg';
import { modelTable, projectSchema, streamTable } from '../names';
import type { BoundQuery, Resolve } from './bound-query';

export interface CatalogNames {
  tables: readonly { streamId: string; slug: string; stream: string; generation: number; revision: number }[];
  models: readonly { modelId: string; name: string; version: number }[];
}

/** Which versions names bind to, when it isn't the ones that the catalogue's pointers name. */
export interface ChosenVersions {
  /**
   * The version that a model's name stands for: as of a moment, a candidate, the one just built; 0 when there was none
   * (see `unbuiltInputs`). undefined: the catalogue's. Tables of streams have no versions and stay the catalogue's.
   */
  versionOf?: (modelId: string) => number | undefined;
}

const qualified = (projectId: string, table: string): string =>
  `${escapeIdentifier(projectSchema(projectId))}.${escapeIdentifier(table)}`;

/**
 * Resolves `slug.stream` and model names to the tables their pointers name, or to chosen versions. Also what was never
 * built: see `unbuiltInputs`.
 */
export const resolveIn = (
  projectId: string,
  { tables, models }: CatalogNames,
  chosen: ChosenVersions = {},
): Resolve => {
  const tableOf = new Map(tables.map((table) => [`${table.slug}.${table.stream}`, table]));
  const modelOf = new Map(models.map((model) => [model.name, model]));
  return ({ name }) => {
    const written = name.join('.');
    const table = name.length === 2 ? tableOf.get(written) : undefined;
    if (table) {
      return {
        kind: 'table',
        id: table.streamId,
        physical: qualified(projectId, streamTable(table.streamId, table.generation)),
      };
    }
    const model = name.length === 1 ? modelOf.get(written) : undefined;
    return (
      model && {
        kind: 'model',
        id: model.modelId,
        physical: qualified(projectId, modelTable(model.modelId, versionIn(chosen, model))),
      }
    );
  };
};

const versionIn = (
  { versionOf }: ChosenVersions,
  { modelId, version }: CatalogNames['models'][number],
): number => versionOf?.(modelId) ?? version;

/** Every name there is, to suggest from when somebody mistypes one. */
export const namesIn = ({ tables, models }: CatalogNames): string[] => [
  ...tables.map(({ slug, stream }) => `${slug}.${stream}`),
  ...models.map(({ name }) => name),
];

/** Names of those inputs of a query that have no data yet: their tables do not exist, so it can't be run. */
export const unbuiltInputs = (
  bound: Pick<BoundQuery, 'streams' | 'models'>,
  { tables, models }: CatalogNames,
  chosen: ChosenVersions = {},
): string[] => [
  ...tables
    .filter(({ streamId, generation }) => generation === 0 && bound.streams.includes(streamId))
    .map(({ slug, stream }) => `${slug}.${stream}`),
  ...models
    .filter((model) => versionIn(chosen, model) === 0 && bound.models.includes(model.modelId))
    .map(({ name }) => name),
];
