/** What somebody asks about: a model, or a chart of a dashboard, with everything it reads right now. */
import { FreshetError } from '@freshet/contracts';
import {
  Chart,
  Dashboard,
  DataModel,
  loadCatalog,
  type EntityManager,
  type ReadInput,
  type Sql,
} from '@freshet/persistence';
import { parseQuery } from '@freshet/warehouse';
import { notFound, requireId } from '../http/id-param';
import { requireProject } from '../models/models.controller';
import { ProjectNames } from '../models/project-names';

export interface Subject {
  kind: 'model' | 'chart';
  id: string;
  name: string;
}

export interface ReadSubject {
  subject: Subject;
  /** Of a model its own version (0: never built); of a chart what its query reads. */
  inputs: ReadInput[];
}

export interface SubjectQuery {
  modelId?: string | undefined;
  chartId?: string | undefined;
}

/** Throws `not_found` for what is not in the project, and as the gate does for a chart whose query can't be bound any more. */
export async function readSubject(
  em: EntityManager,
  sql: Sql,
  projectId: string,
  { modelId, chartId }: SubjectQuery,
): Promise<ReadSubject> {
  await requireProject(em, projectId);
  if (modelId !== undefined) {
    const model = await em.findOne(DataModel, { id: requireId(modelId), projectId, deletedAt: null });
    if (!model) throw notFound('The model');
    const { id, name, publishedVersion } = model;
    return { subject: { kind: 'model', id, name }, inputs: [{ kind: 'm', id, value: publishedVersion }] };
  }
  const chart = await em.findOne(Chart, { id: requireId(chartId ?? '') });
  const dashboard =
    chart && (await em.findOne(Dashboard, { id: chart.dashboardId, projectId, deletedAt: null }));
  if (!chart || !dashboard) throw notFound('The chart');
  const names = new ProjectNames(projectId, await loadCatalog(sql, projectId));
  const inputs = names.inputsOf(names.bind(await parseQuery(chart.sql)));
  return { subject: { kind: 'chart', id: chart.id, name: chart.title }, inputs };
}

/** Throws `input_not_built` for what has no data yet, of which there is nothing to tell. */
export function requireBuilt({ subject, inputs }: ReadSubject): void {
  if (inputs.every(({ value }) => value > 0)) return;
  throw new FreshetError(
    'input_not_built',
    `${subject.name} has no data yet. It is built by itself; try again in a moment.`,
  );
}
