/** Adds ready-made models and dashboards to a source (spec DB9); once there they are plain ones and nobody else's. */
import { Inject, Injectable } from '@nestjs/common';
import {
  fillIn,
  findConnector,
  templateWords,
  withSource,
  type ConnectorTemplate,
} from '@freshet/connectors';
import {
  createDashboard,
  createModel,
  FreshetError,
  type AddedTemplate,
  type AddTemplate,
  type SourceTemplate,
} from '@freshet/contracts';
import { ControlPlane, Dashboard, DataModel, DataSource, Stream } from '@freshet/persistence';
import type { Member } from '@freshet/service-kit';
import { DashboardDesk } from '../dashboards/dashboard-desk';
import { notFound } from '../http/id-param';
import { ModelDesk } from '../models/model-desk';
import {
  chooseCompanions,
  companionsObstacle,
  companionsOf,
  streamsObstacle,
  type TemplateInput,
} from './template-companions';

interface Surroundings {
  projectId: string;
  source: TemplateInput;
  /** The project's others, the oldest first. */
  others: readonly TemplateInput[];
  templates: readonly ConnectorTemplate[];
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

  /**
   * What has one of its names already is left as it is, so that adding twice does no harm. Throws `conflict` with what stands in the
   * way, and what `chooseCompanions` throws.
   */
  async add(
    caller: Member,
    sourceId: string,
    name: string,
    { with: named }: AddTemplate,
  ): Promise<AddedTemplate> {
    const around = await this.surroundings(caller.organizationId, sourceId);
    const template = around.templates.find((each) => each.name === name);
    if (!template) throw notFound('The template');
    const { source, others, projectId } = around;
    const beside = chooseCompanions(template, companionsOf(template, others), named, others);
    const obstacle = obstacleOf(template, source, beside);
    if (obstacle) throw new FreshetError('conflict', obstacle, { action: 'Then add the template again.' });
    const chosen = beside.flatMap(({ as, chosen: id }) => {
      const companion = others.find((other) => other.id === id);
      return companion ? [[as, companion] as const] : [];
    });
    const words = templateWords(source.slug, Object.fromEntries(chosen));
    const added: AddedTemplate = { models: [], dashboards: [] };
    for (const model of fillIn(template.models, words)) {
      const body = createModel.parse(model);
      const id = around.models.get(body.name) ?? (await this.models.create(caller, projectId, body)).id;
      added.models.push({ id, name: body.name });
    }
    for (const dashboard of fillIn(template.dashboards, words)) {
      const title = nameOf(dashboard.name, source);
      const body = createDashboard.parse({ ...dashboard, name: title });
      const id = around.dashboards.get(title) ?? (await this.dashboards.create(caller, projectId, body)).id;
      added.dashboards.push({ id, name: title });
    }
    return added;
  }

  private surroundings(organizationId: string, sourceId: string): Promise<Surroundings> {
    return this.plane.withTenant(organizationId, async (em) => {
      const source = await em.findOne(DataSource, { id: sourceId, deletedAt: null });
      if (!source) throw notFound('The source');
      const { projectId, type } = source;
      const sources = await em.find(DataSource, { projectId, deletedAt: null }, { orderBy: { id: 'asc' } });
      const streams = await em.find(Stream, { projectId, deletedAt: null });
      const models = await em.find(DataModel, { projectId, deletedAt: null }, { fields: ['id', 'name'] });
      const dashboards = await em.find(Dashboard, { projectId, deletedAt: null }, { fields: ['id', 'name'] });
      const inputOf = ({ id, slug, name, type, schedule, account }: typeof source): TemplateInput => {
        const own = streams.filter((stream) => stream.sourceId === id);
        const names = (of: typeof own): Set<string> => new Set(of.map((stream) => stream.name));
        return {
          id,
          slug,
          name,
          type,
          account: account ?? null,
          isPaused: schedule.paused,
          enabled: names(own.filter(({ enabled }) => enabled)),
          loaded: names(own.filter(({ generation }) => generation > 0)),
        };
      };
      return {
        projectId,
        source: inputOf(source),
        others: sources.filter(({ id }) => id !== sourceId).map(inputOf),
        templates: findConnector(type).templates,
        models: new Map(models.map((model) => [model.name, model.id])),
        dashboards: new Map(dashboards.map((dashboard) => [dashboard.name, dashboard.id])),
      };
    });
  }
}

/** `GA overview` of the source Main → `GA overview · Main`, so that two sources' dashboards are told apart. */
const nameOf = (name: string, source: { name: string }): string => `${name} · ${source.name}`.slice(0, 100);

const described = (template: ConnectorTemplate, around: Surroundings): SourceTemplate => {
  const { source, others } = around;
  const models = template.models.map((model) => withSource(model.name, source.slug));
  const beside = companionsOf(template, others);
  return {
    name: template.name,
    title: template.title,
    description: template.description,
    streams: [...template.streams],
    beside,
    obstacle: obstacleOf(template, source, beside),
    models,
    dashboards: template.dashboards.map((dashboard) => nameOf(dashboard.name, source)),
    added: models.every((model) => around.models.has(model)),
  };
};

const obstacleOf = (
  { streams }: ConnectorTemplate,
  source: TemplateInput,
  beside: SourceTemplate['beside'],
): string | null => streamsObstacle(streams, source) ?? companionsObstacle(beside);
