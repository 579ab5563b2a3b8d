/** Models, their rows and versions, and previews of queries. */
import { Controller, Inject } from '@nestjs/common';
import {
  defaults,
  type CreateModel,
  type PageQuery,
  type PreviewQuery,
  type PreviewResult,
  type UpdateModel,
} from '@freshet/contracts';
import {
  ControlPlane,
  DataModel,
  listModels,
  loadCatalog,
  ModelVersion,
  Project,
  type EntityManager,
} from '@freshet/persistence';
import {
  CallingMember,
  Endpoint,
  IfMatch,
  LeastRole,
  RouteBody,
  RouteQuery,
  type Member,
} from '@freshet/service-kit';
import type { Readers } from '@freshet/warehouse';
import { Id, notFound } from '../http/id-param';
import { cursorOf, pageOf } from '../http/paging';
import { cellsOf } from './cells';
import { ModelDescriber } from './model-describer';
import { ModelDesk } from './model-desk';
import { readModelRows, versionOfCursor, type RowsQuery } from './model-rows';
import { ProjectNames } from './project-names';
import { READERS } from './readers.module';

@Controller()
export class ModelsController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ModelDesk) private readonly desk: ModelDesk,
    @Inject(ModelDescriber) private readonly models: ModelDescriber,
    @Inject(READERS) private readonly readers: Readers,
  ) {}

  @Endpoint('previewModel')
  @LeastRole('editor')
  async previewModel(
    @Id('projectId') projectId: string,
    @RouteBody('previewModel') { sql: text, limit }: PreviewQuery,
    @CallingMember() { organizationId }: Member,
  ): Promise<PreviewResult> {
    const names = await this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      return new ProjectNames(projectId, await loadCatalog(sql, projectId));
    });
    const bound = await names.bindToRun(text);
    const { columns, rows, truncated } = await this.readers.query(projectId, bound, {
      maxRows: limit,
      maxBytes: defaults.chart.bytes,
      timeoutMs: defaults.statementTimeout.preview,
    });
    return { columns, rows: cellsOf(rows), upstream: names.upstreamOf(bound), truncated };
  }

  @Endpoint('listModels')
  listModels(
    @Id('projectId') projectId: string,
    @RouteQuery('listModels') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      const rows = await listModels(sql, { projectId, after: cursorOf(query), limit: query.limit + 1 });
      const { items, nextCursor } = pageOf(rows, query.limit, (row) => row);
      return { items: await this.models.describe(sql, projectId, items), nextCursor };
    });
  }

  @Endpoint('createModel')
  @LeastRole('editor')
  createModel(
    @Id('projectId') projectId: string,
    @RouteBody('createModel') body: CreateModel,
    @CallingMember() caller: Member,
  ) {
    return this.desk.create(caller, projectId, body);
  }

  @Endpoint('getModel')
  getModel(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, (_, sql) => this.models.find(sql, id));
  }

  @Endpoint('updateModel')
  @LeastRole('editor')
  updateModel(
    @Id() id: string,
    @RouteBody('updateModel') body: UpdateModel,
    @RouteQuery('updateModel') { repair }: { repair?: 'true' | 'false' },
    @IfMatch() expected: number | null,
    @CallingMember() caller: Member,
  ) {
    return this.desk.update(caller, id, body, { expected, repair: repair === 'true' });
  }

  @Endpoint('deleteModel')
  @LeastRole('editor')
  deleteModel(
    @Id() id: string,
    @RouteQuery('deleteModel') query: { confirm?: 'true' | 'false' },
    @CallingMember() caller: Member,
  ) {
    return this.desk.remove(caller, id, query.confirm === 'true');
  }

  @Endpoint('getModelRows')
  async getModelRows(
    @Id() id: string,
    @RouteQuery('getModelRows') query: RowsQuery & { version?: number },
    @CallingMember() { organizationId }: Member,
  ) {
    const version = await this.plane.withTenant(organizationId, async (em) => {
      const model = await requireModel(em, id);
      const wanted = query.version ?? versionOfCursor(query.after) ?? model.publishedVersion;
      const found = await em.findOne(ModelVersion, { modelId: id, version: wanted });
      if (!found)
        throw notFound(wanted === 0 ? 'A built version of the model' : `Version ${wanted} of the model`);
      return { projectId: model.projectId, modelId: id, version: wanted, columns: found.columns };
    });
    return readModelRows(this.readers, version, query);
  }
}

export async function requireProject(em: EntityManager, id: string): Promise<void> {
  if (!(await em.findOne(Project, { id }))) throw notFound('The project');
}

async function requireModel(em: EntityManager, id: string) {
  const model = await em.findOne(DataModel, { id, deletedAt: null });
  if (!model) throw notFound('The model');
  return model;
}
