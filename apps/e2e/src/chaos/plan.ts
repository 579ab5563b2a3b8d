/** Random graphs of sources and models, the same for the same seed: chains, diamonds, fan-out, and models that fail on some data. */
import type { Guard } from '@freshet/contracts';
import { pick, type Random } from '../harness/random';

export interface PlannedSource {
  slug: string;
  rows: number;
}

export interface PlannedModel {
  name: string;
  sql: string;
  /** 1: reads sources alone. */
  depth: number;
  /** The source whose rows it counts exactly once: `sum(n)`, `sum(s)` and `max(gen)` are those of one generation. */
  of: string | null;
  /** May be given another text of the same columns. */
  editable: boolean;
  guards: Guard[];
  updatesOn: 'any' | 'all';
}

export interface PlannedProject {
  name: string;
  /** Place of its organization. */
  organization: number;
  together: boolean;
  sources: PlannedSource[];
  models: PlannedModel[];
}

export interface PlanSize {
  projects: number;
  modelsPerProject: number;
  rows: number;
  /** The last project publishes together. */
  together: boolean;
}

const deepest = 6;

/** Projects of two organizations in turn. All models have the columns bucket, n, s, gen, and are never empty. */
export const planProjects = (random: Random, size: PlanSize): PlannedProject[] =>
  Array.from({ length: size.projects }, (_, place) => {
    const sources = Array.from({ length: 1 + pick(random, 2) }, (__, n) => ({
      slug: `s${n + 1}`,
      rows: size.rows + pick(random, size.rows),
    }));
    return {
      name: `Project ${place + 1}`,
      organization: place % 2,
      together: size.together && place === size.projects - 1,
      sources,
      models: planModels(random, sources, size.modelsPerProject),
    };
  });

const planModels = (random: Random, sources: readonly PlannedSource[], count: number): PlannedModel[] => {
  const models = sources.map(({ slug }, place) => overSource(random, `m${place + 1}`, slug));
  models.push(failing('m_failing', sources[0]?.slug ?? ''));
  models.push(guarded('m_guarded', sources.at(-1)?.slug ?? ''));
  // One chain as deep as they come; the rest grows anywhere.
  let deep = models[0] as PlannedModel;
  while (models.length < count) {
    const name = `m${models.length + 1}`;
    const isChain =
      deep.depth < deepest && (models.length % 2 === 0 || count - models.length <= deepest - deep.depth);
    const below = isChain
      ? deep
      : anyOf(
          random,
          models.filter(({ depth }) => depth < deepest),
        );
    const kind = pick(random, 10);
    const model =
      isChain || kind < 4
        ? regrouped(random, name, below)
        : kind < 8
          ? joined(random, name, below, models)
          : dull(name, below);
    models.push(model);
    if (isChain) deep = model;
  }
  return models;
};

const anyOf = <T>(random: Random, items: readonly T[]): T => items[pick(random, items.length)] as T;

const base = { guards: [], editable: true, updatesOn: 'all' as const };

const overSource = (random: Random, name: string, slug: string): PlannedModel => ({
  ...base,
  name,
  sql: sumOver(`${slug}.facts`, 8 + pick(random, 24)),
  depth: 1,
  of: slug,
});

const sumOver = (table: string, buckets: number): string =>
  `SELECT bucket % ${buckets} AS bucket, count(*) AS n, sum(v) AS s, max(gen) AS gen FROM ${table} GROUP BY 1`;

/** Divides by zero when a row of the source is marked. */
const failing = (name: string, slug: string): PlannedModel => ({
  ...base,
  name,
  sql: `SELECT bucket, count(*) AS n, round(sum(v) / (1 - max(trip)), 2) AS s, max(gen) AS gen FROM ${slug}.facts GROUP BY bucket`,
  depth: 1,
  of: slug,
  editable: false,
});

/** Built, and kept from readers, when a row of the source is marked. */
const guarded = (name: string, slug: string): PlannedModel => ({
  ...base,
  name,
  sql: `SELECT bucket, count(*) AS n, sum(v) AS s, max(gen) AS gen, max(trip) AS trip FROM ${slug}.facts GROUP BY bucket`,
  depth: 1,
  of: slug,
  editable: false,
  guards: [{ kind: 'range', columns: ['trip'], max: 0, severity: 'block' }],
});

const regrouped = (random: Random, name: string, below: PlannedModel): PlannedModel => ({
  ...base,
  name,
  sql: regroup(below.name, 2 + pick(random, 16)),
  depth: below.depth + 1,
  of: below.of,
});

const regroup = (from: string, buckets: number): string =>
  `SELECT bucket % ${buckets} AS bucket, sum(n) AS n, sum(s) AS s, max(gen) AS gen FROM ${from} GROUP BY 1`;

/** Two or three of those there are: diamonds, and models across sources. */
const joined = (
  random: Random,
  name: string,
  below: PlannedModel,
  models: readonly PlannedModel[],
): PlannedModel => {
  const shallow = models.filter(({ depth }) => depth < deepest);
  const others = Array.from({ length: 1 + pick(random, 2) }, () => anyOf(random, shallow));
  const parts = [...new Set([below, ...others])];
  const union = parts.map((part) => `SELECT bucket, n, s, gen FROM ${part.name}`).join(' UNION ALL ');
  return {
    ...base,
    name,
    sql: `SELECT bucket, sum(n) AS n, sum(s) AS s, max(gen) AS gen FROM (${union}) u GROUP BY bucket`,
    depth: 1 + Math.max(...parts.map(({ depth }) => depth)),
    of: parts.length === 1 ? below.of : null,
    editable: false,
    updatesOn: pick(random, 4) === 0 ? 'any' : 'all',
  };
};

/** Almost never changes, whatever changes above it: the cascade stops here. */
const dull = (name: string, below: PlannedModel): PlannedModel => ({
  ...base,
  name,
  sql: `SELECT 0 AS bucket, 1 AS n, 0.00 AS s, least(max(gen), 0) AS gen FROM ${below.name}`,
  depth: below.depth + 1,
  of: null,
  editable: false,
});

/** Another text of the same meaning for whoever reads the totals: other buckets. */
export const edited = (random: Random, sql: string): string =>
  sql.replace(/bucket % \d+/, `bucket % ${2 + pick(random, 30)}`);
