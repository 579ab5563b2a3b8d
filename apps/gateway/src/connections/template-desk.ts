/** Adds ready-made models and dashboards to a source (spec DB9); once there they are plain ones and nobody else's. */
import { Inject, Injectable } from '@nestjs/common';
import { findConnector, withSource, type ConnectorTemplate } from '@freshet/connectors';
import {
  createDashboard,
  createModel,
  FreshetError,
  type AddedTemplate,
  type SourceTemplate,
} from '@freshet/contracts';
import { ControlPlane, Dashboard, DataModel, DataSource, Stream } from '@freshet/persistence';
import type { Member } from '@freshet/service-kit';
import { DashboardDesk } from '../dashboards/dashboard-desk';
import { notFound } from '../http/id-param';
import { ModelDesk } from '../models/model-desk';

interface Surroundings {
  source: { slug: string; name: string; type: string; projectId: string };
  templates: readonly ConnectorTemplate[];
  /** Streams that are on and have a table. */
  loaded: ReadonlySet<string>;
  enabled: ReadonlySet<string>;
  /** Name → id. */
  models: ReadonlyMap<string, string>;
  dashboards: ReadonlyMap<string, string>;
}

@Injectable()
export class TemplateDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ModelDesk) private readonly models: ModelDesk,
    @Inject(DashboardDesk) private readonly dashboards: DashboardDesk,
  ) {}

  async list({ organizationId }: Member, sourceId: string): Promise<SourceTemplate[]> {
    const around = await this.surroundings(organizationId, sourceId);
    return around.templates.map((template) => described(template, around));
  }

  /** What has one of its names already is left as it is, so that adding twice does no harm. Throws `conflict` with what stands in the way. */
  async add(caller: Member, sourceId: string, name: string): Promise<AddedTemplate> {
    const around = await this.surroundings(caller.organizationId, sourceId);
    const template = around.templates.find((each) => each.name === name);
    if (!template) throw notFound('The template');
    const { obstacle } = described(template, around);
    if (obstacle) throw new FreshetError('conflict', obstacle, { action: 'Then add the template again.' });
    const { slug, projectId } = around.source;
    const added: AddedTemplate = { models: [], dashboards: [] };
    for (const model of template.models) {
      const body = createModel.parse({
        ...model,
        name: withSource(model.name, slug),
        sql: withSource(model.sql, slug),
      });
      const id = around.models.get(body.name) ?? (await this.models.create(caller, projectId, body)).id;
      added.models.push({ id, name: body.name });
    }
    for (const dashboard of template.dashboards) {
      const title = nameOf(dashboard.name, around.source);
      const charts = dashboard.charts.map((chart) => ({ ...chart, sql: withSource(chart.sql, slug) }));
      const body = createDashboard.parse({ ...dashboard, name: title, charts });
      const id = around.dashboards.get(title) ?? (await this.dashboards.create(caller, projectId, body)).id;
      added.dashboards.push({ id, name: title });
    }
    return added;
  }

  private surroundings(organizationId: string, sourceId: string): Promise<Surroundings> {
    return this.plane.withTenant(organizationId, async (em) => {
      const source = await em.findOne(DataSource, { id: sourceId, deletedAt: null });
      if (!source) throw notFound('The source');
      const { projectId } = source;
      const streams = await em.find(Stream, { sourceId, deletedAt: null });
      const models = await em.find(DataModel, { projectId, deletedAt: null }, { fields: ['id', 'name'] });
      const dashboards = await em.find(Dashboard, { projectId, deletedAt: null }, { fields: ['id', 'name'] });
      const names = (of: typeof streams): Set<string> => new Set(of.map((stream) => stream.name));
      return {
        source,
        templates: findConnector(source.type).templates,
        enabled: names(streams.filter(({ enabled }) => enabled)),
        loaded: names(streams.filter(({ generation }) => generation > 0)),
        models: new Map(models.map((model) => [model.name, model.id])),
        dashboards: new Map(dashboards.map((dashboard) => [dashboard.name, dashboard.id])),
      };
    });
  }
}

/** `GA overview` of the source Main → `GA overview · Main`, so that two sources' dashboards are told apart. */
const nameOf = (name: string, source: { name: string }): string => `${name} · ${source.name}`.slice(0, 100);

const described = (template: ConnectorTemplate, around: Surroundings): SourceTemplate => {
  const { slug } = around.source;
  const models = template.models.map((model) => withSource(model.name, slug));
  return {
    name: template.name,
    title: template.title,
    description: template.description,
    streams: [...template.streams],
    obstacle: obstacleOf(template, around),
    models,
    dashboards: template.dashboards.map((dashboard) => nameOf(dashboard.name, around.source)),
    added: models.every((model) => around.models.has(model)),
  };
};

const obstacleOf = ({ streams }: ConnectorTemplate, { enabled, loaded }: Surroundings): string | null => {
  const off = streams.filter((stream) => !enabled.has(stream));
  if (off.length > 0)
    return `It reads ${off.join(', ')}, which is not synced. Turn it on in the source's settings and sync.`;
  const empty = streams.filter((stream) => !loaded.has(stream));
  if (empty.length > 0)
    return `It reads ${empty.join(', ')}, which has no table yet. Wait for the first sync to end.`;
  return null;
};
