/** What readers see is what their model's query answers over the inputs it was built from: nobody touched it, nothing was mixed. */
import type { Column } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import { loadCatalog, type Catalog } from '@freshet/persistence';
import {
  bindQuery,
  hashContent,
  parseQuery,
  qualifiedVersion,
  resolveIn,
  type BoundQuery,
} from '@freshet/warehouse';
import type { ClientBase } from 'pg';
import { compareInexactly } from '../compare-inexactly';
import { inSavepoint } from '../in-savepoint';
import {
  counted,
  modelNamed,
  violated,
  type Finding,
  type Invariant,
  type Look,
  type Outcome,
} from '../invariant';

interface PublishedModel {
  modelId: string;
  model: string;
  sql: string;
  definitionRevision: number;
  version: number;
  vector: InputVector;
  columns: Column[];
  rowCount: number;
  contentHash: string;
  [column: string]: unknown;
}

const published = /* sql */ `
select m.id as "modelId", m.name as model, m.sql, m.definition_revision as "definitionRevision", v.version, v.vector, v.columns,
  v.row_count::float8 as "rowCount", v.content_hash as "contentHash"
from app.data_model m join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.project_id = $1 and m.deleted_at is null order by m.last_refreshed_at desc nulls last, m.id`;

/** Versions whose tables are there to be read again. */
const kept = `select model_id as "modelId", version from app.model_version where project_id = $1`;

/** Why a version can't be computed anew: its inputs are no longer what they were, or its answer depends on more than them. */
type Obstacle =
  'inputs moved on' | 'SQL changed since' | 'reads the clock or chance' | 'rows depend on their order';

interface Bases {
  catalog: Catalog;
  kept: ReadonlySet<string>;
}

const bindAsBuilt = async (
  projectId: string,
  model: PublishedModel,
  { catalog, kept: versions }: Bases,
): Promise<BoundQuery | Obstacle> => {
  if (model.vector['d'] !== model.definitionRevision) return 'SQL changed since';
  const known = new Map(catalog.tables.map(({ streamId, revision }) => [`t:${streamId}`, revision]));
  for (const [key, number] of Object.entries(model.vector)) {
    if (key.startsWith('t:') && known.get(key) !== number) return 'inputs moved on';
    if (key.startsWith('m:') && !versions.has(`${key.slice(2)}/${number}`)) return 'inputs moved on';
  }
  const versionOf = (id: string): number | undefined => model.vector[`m:${id}`];
  const bound = bindQuery(await parseQuery(model.sql), resolveIn(projectId, catalog, { versionOf }));
  return bound.usesClock ? 'reads the clock or chance' : bound;
};

const tampered = async (projectId: string, model: PublishedModel, scan: ClientBase): Promise<Finding[]> => {
  const table = qualifiedVersion({ projectId, modelId: model.modelId, version: model.version });
  const found = await hashContent(scan, table, model.columns);
  if (found.contentHash === model.contentHash && found.rowCount === model.rowCount) return [];
  return [
    violated(
      `Version ${model.version} of ${modelNamed(model)} is not what was built: ${table} holds ${counted(found.rowCount, 'row')}, ` +
        `${found.rowCount === model.rowCount ? 'as recorded, but with other contents' : `and ${model.rowCount} are recorded`}. ` +
        'Somebody wrote the table: refresh the model by hand, and look at who may write the schema.',
    ),
  ];
};

/** Plans that meet rows in another order, so that an answer that depends on it shows. */
const otherPlan = `set local enable_hashagg = off; set local enable_hashjoin = off; set local enable_seqscan = off;
  set local max_parallel_workers_per_gather = 0`;

const recomputed = async (
  model: PublishedModel,
  bound: BoundQuery,
  scan: ClientBase,
  projectId: string,
): Promise<Finding[] | Obstacle> => {
  const query = `(${bound.text})`;
  const now = await hashContent(scan, query, model.columns);
  if (now.contentHash === model.contentHash) return [];
  const table = qualifiedVersion({ projectId, modelId: model.modelId, version: model.version });
  if (await compareInexactly(scan, table, query, model.columns)) return [];
  await scan.query(otherPlan);
  const again = await hashContent(scan, query, model.columns);
  if (again.contentHash !== now.contentHash && again.rowCount === now.rowCount)
    return 'rows depend on their order';
  return [
    violated(
      `Version ${model.version} of ${modelNamed(model)} holds ${counted(model.rowCount, 'row')}, but its query over the same inputs ` +
        `(${JSON.stringify(model.vector)}) gives ${now.rowCount === model.rowCount ? 'other ones' : counted(now.rowCount, 'row')}. ` +
        'If the query takes some of many rows without a complete ORDER BY, that is why; else refresh the model and look at refresh history.',
    ),
  ];
};

const examine = async (
  { sql, projectId, scanTimeout, recompute }: Look,
  scan: ClientBase,
): Promise<Outcome> => {
  const models = await sql.rows<PublishedModel>(published, [projectId]);
  const rows = await sql.rows<{ modelId: string; version: number }>(kept, [projectId]);
  const bases: Bases = {
    catalog: await loadCatalog(sql, projectId),
    kept: new Set(rows.map(({ modelId, version }) => `${modelId}/${version}`)),
  };
  const outcome = { checked: 0, findings: [] as Finding[], failures: [] as string[] };
  const obstacles = new Map<string, string[]>();
  const leftOut = (why: string, { modelId }: PublishedModel): void => {
    obstacles.set(why, [...(obstacles.get(why) ?? []), modelId]);
  };
  for (const [place, model] of models.entries()) {
    try {
      const changed = await inSavepoint(scan, scanTimeout, () => tampered(projectId, model, scan));
      outcome.checked++;
      outcome.findings.push(...changed);
      if (changed.length) continue;
      if (place >= recompute) {
        leftOut('beyond --recompute', model);
        continue;
      }
      const bound = await bindAsBuilt(projectId, model, bases);
      const found =
        typeof bound === 'string'
          ? bound
          : await inSavepoint(scan, scanTimeout, () => recomputed(model, bound, scan, projectId));
      if (typeof found === 'string') leftOut(found, model);
      else outcome.findings.push(...found);
    } catch (error) {
      outcome.failures.push(
        `Version ${model.version} of ${modelNamed(model)} could not be computed anew: ${(error as Error).message}`,
      );
    }
  }
  const notes = [...obstacles].map(
    ([why, ids]) =>
      `${counted(ids.length, 'model')} of project ${projectId} not computed anew (${why}), only compared with what was recorded.`,
  );
  return { ...outcome, notes };
};

export const contentsTrue: Invariant = {
  name: 'contents-true',
  says: 'Each published version holds exactly what its query answers over the inputs in its vector.',
  scope: 'project',
  check: async (look) =>
    look.scan
      ? examine(look, look.scan)
      : {
          checked: 0,
          findings: [],
          notes: ['Versions were neither scanned nor computed anew (--no-recompute).'],
        },
};
