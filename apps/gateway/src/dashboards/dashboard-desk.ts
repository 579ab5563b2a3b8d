/** Creates, changes and shows dashboards; a chart is a query, never data. */
import { Inject, Injectable } from '@nestjs/common';
import {
  FreshetError,
  type ChartInput,
  type CreateDashboard,
  type Dashboard as DashboardShape,
  type UpdateDashboard,
} from '@freshet/contracts';
import { buildGraph, upstreamOf } from '@freshet/domain';
import {
  Chart, ChartInput as ChartEdge, ControlPlane, Dashboard, emitEvents, listDashboards, loadCascadeState, loadCatalog, lockForChange,
  replaceChartInputs, type EntityManager, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { Clock, requireRevision, type Member } from '@freshet/service-kit';
import { parseQuery } from '@freshet/warehouse';
import { notFound } from '../http/id-param';
import { requireProject } from '../models/models.controller';
import { edgesOf, ProjectNames } from '../models/project-names';
import { freeSlug, slugFrom } from '../organization/slug';

interface Place {
  id: string;
  organizationId: string;
  projectId: string;
}

@Injectable()
export class DashboardDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  create({ organizationId }: Member, projectId: string, body: CreateDashboard): Promise<DashboardShape> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      // Two at once could choose the same slug.
      await lockForChange(sql, 'project', projectId);
      const slug = await slugFor(em, projectId, body);
      const dashboard = em.create(Dashboard, {
        organizationId,
        projectId,
        name: body.name,
        slug,
        description: body.description ?? null,
      });
      await em.flush();
      await this.saveCharts(em, sql, dashboard, body.charts);
      await announce(sql, dashboard, false);
      return this.find(em, sql, dashboard.id);
    });
  }

  update(
    { organizationId }: Member,
    id: string,
    { name, description, charts }: UpdateDashboard,
    expected: number | null,
  ): Promise<DashboardShape> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await lockForChange(sql, 'dashboard', id);
      const dashboard = await requireDashboard(em, id);
      requireRevision(expected, dashboard.revision);
      if (name !== undefined) dashboard.name = name;
      if (description !== undefined) dashboard.description = description;
      dashboard.revision += 1;
      dashboard.updatedAt = this.clock.now();
      await em.flush();
      if (charts) await this.saveCharts(em, sql, dashboard, charts);
      await announce(sql, dashboard, false);
      return this.find(em, sql, id);
    });
  }

  remove({ organizationId }: Member, id: string): Promise<void> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const dashboard = await requireDashboard(em, id);
      dashboard.deletedAt = this.clock.now();
      await em.flush();
      await announce(sql, dashboard, true);
    });
  }

  async find(em: EntityManager, sql: Sql, id: string): Promise<DashboardShape> {
    const [summary] = await listDashboards(sql, { id });
    if (!summary) throw notFound('The dashboard');
    const charts = await em.find(Chart, { dashboardId: id }, { orderBy: { position: 'asc', id: 'asc' } });
    return {
      ...summary,
      charts: charts.map(({ id: chartId, title, type, sql: text, params, options, layout }) => ({
        id: chartId,
        title,
        type,
        sql: text,
        params,
        options,
        layout,
      })),
      models: await modelsBehind(em, sql, summary.projectId, charts.map((chart) => chart.id)), // prettier-ignore
    };
  }

  /** The given charts are all there are from now on; those with a known id keep it. */
  private async saveCharts(
    em: EntityManager,
    sql: Sql,
    dashboard: Place,
    given: readonly ChartInput[],
  ): Promise<void> {
    const stored = new Map(
      (await em.find(Chart, { dashboardId: dashboard.id })).map((chart) => [chart.id, chart]),
    );
    const names = new ProjectNames(dashboard.projectId, await loadCatalog(sql, dashboard.projectId));
    const { organizationId } = dashboard;
    for (const [position, { id, ...input }] of given.entries()) {
      const known = id === undefined ? undefined : stored.get(id);
      if (known) stored.delete(known.id);
      // A query that stays as it was may name what is gone by now: the rest of the dashboard can still be edited.
      const inputs = known?.sql === input.sql ? null : await this.inputsOf(names, input.sql, position);
      const chart = known
        ? em.assign(known, { ...input, position })
        : em.create(Chart, { organizationId, dashboardId: dashboard.id, ...input, position });
      await em.flush();
      if (inputs) await replaceChartInputs(sql, { chartId: chart.id, organizationId, inputs });
    }
    for (const gone of stored.values()) em.remove(gone);
    await em.flush();
  }

  /** Throws as the gate does, saying which chart it is about. */
  private async inputsOf(names: ProjectNames, sql: string, index: number) {
    try {
      return edgesOf(names.bind(await parseQuery(sql)));
    } catch (error) {
      if (!(error instanceof FreshetError)) throw error;
      const { details } = error;
      throw new FreshetError(error.code, error.message, {
        ...details,
        errors: [{ path: `charts.${index}.sql`, message: error.message }],
      });
    }
  }
}

async function requireDashboard(em: EntityManager, id: string) {
  const dashboard = await em.findOne(Dashboard, { id, deletedAt: null });
  if (!dashboard) throw notFound('The dashboard');
  return dashboard;
}

async function slugFor(
  em: EntityManager,
  projectId: string,
  { name, slug }: CreateDashboard,
): Promise<string> {
  const dashboards = await em.find(Dashboard, { projectId, deletedAt: null }, { fields: ['slug'] });
  const taken = new Set(dashboards.map((dashboard) => dashboard.slug));
  if (slug && taken.has(slug))
    throw new FreshetError(
      'name_taken',
      `Another dashboard of this project has the slug ${slug}. Choose another one.`,
      { errors: [{ path: 'slug', message: 'That name is taken.' }] },
    );
  return slug ?? freeSlug(slugFrom(name), taken);
}

/** Models that the charts read, and those that these read in turn. */
async function modelsBehind(
  em: EntityManager,
  sql: Sql,
  projectId: string,
  chartIds: string[],
): Promise<{ id: string; name: string }[]> {
  const edges = await em.find(ChartEdge, { chartId: { $in: chartIds }, kind: 'm' });
  if (edges.length === 0) return [];
  const models = (await loadCascadeState(sql, [projectId])).models.filter(({ deleted }) => !deleted);
  const graph = buildGraph(models);
  const behind = new Set(edges.flatMap(({ inputId }) => [inputId, ...upstreamOf(graph, inputId).models]));
  return models.filter(({ id }) => behind.has(id)).map(({ id, name }) => ({ id, name }));
}

const announce = (sql: Sql, { id, projectId }: Place, deleted: boolean): Promise<void> =>
  emitEvents(sql, projectId, [{ name: 'resource:changed', payload: { kind: 'dashboard', id, deleted } }]);
