/** Refreshes and cascades: asking for them, watching them, and what a change would bring about. */
import { Controller, Inject, Req } from '@nestjs/common';
import {
  FreshetError,
  type PageQuery,
  type Refresh,
  type RefreshState,
  type RequestRefresh,
} from '@freshet/contracts';
import {
  cancelRefresh,
  ControlPlane,
  countRefreshWork,
  DataModel,
  listCascades,
  listRefreshes,
  type Sql,
} from '@freshet/persistence';
import {
  CallingMember,
  Endpoint,
  LeastRole,
  RouteBody,
  RouteQuery,
  principalLabel,
  type Member,
} from '@freshet/service-kit';
import type { Request } from 'express';
import { correlationOf } from '../http/correlation';
import { Id, notFound, requireId } from '../http/id-param';
import { cursorOf, pageOf } from '../http/paging';
import { requireProject } from '../models/models.controller';
import { QueueWatch } from './queue-watch';
import { RefreshDesk } from './refresh-desk';

@Controller()
export class RefreshController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(RefreshDesk) private readonly desk: RefreshDesk,
    @Inject(QueueWatch) private readonly queue: QueueWatch,
  ) {}

  @Endpoint('refreshModel')
  @LeastRole('editor')
  refreshModel(
    @Id() id: string,
    @RouteBody('refreshModel') body: RequestRefresh,
    @CallingMember() caller: Member,
    @Req() request: Request,
  ) {
    const kind = body.dryRun ? 'dry' : body.shadow ? 'shadow' : 'live';
    return this.desk.refresh(caller, id, kind, correlationOf(request));
  }

  @Endpoint('refreshBelowSource')
  @LeastRole('editor')
  refreshBelowSource(
    @Id('sourceId') sourceId: string,
    @CallingMember() caller: Member,
    @Req() request: Request,
  ) {
    return this.desk.refreshBelow(caller, sourceId, correlationOf(request));
  }

  @Endpoint('getRefresh')
  getRefresh(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, (_, sql) => findRefresh(sql, id));
  }

  @Endpoint('cancelRefresh')
  @LeastRole('editor')
  cancelRefresh(@Id() id: string, @CallingMember() caller: Member) {
    return this.plane.withTenant(caller.organizationId, async (_, sql) => {
      await findRefresh(sql, id);
      await cancelRefresh(sql, id, principalLabel(caller));
      return findRefresh(sql, id);
    });
  }

  @Endpoint('refreshStatus')
  refreshStatus(@CallingMember() { organizationId }: Member) {
    return this.status(organizationId, null);
  }

  @Endpoint('modelRefreshStatus')
  modelRefreshStatus(@Id('modelId') modelId: string, @CallingMember() { organizationId }: Member) {
    return this.status(organizationId, modelId);
  }

  private async status(organizationId: string, modelId: string | null): Promise<RefreshState> {
    const workers = await this.queue.workers();
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const owed = modelId ? await this.desk.isOwed(em, sql, modelId) : await this.desk.countOwed(em, sql);
      const work = await countRefreshWork(sql, modelId);
      const isBusy = work.running + work.queued > 0;
      const status = workers === 0 ? 'degraded' : isBusy ? 'running' : 'idle';
      return { status, ...work, owed: Number(owed), workers };
    });
  }

  @Endpoint('refreshHistory')
  refreshHistory(
    @RouteQuery('refreshHistory') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      const rows = await listRefreshes(sql, { after: cursorOf(query), limit: query.limit + 1 });
      return pageOf(rows, query.limit, present);
    });
  }

  @Endpoint('modelRefreshHistory')
  modelRefreshHistory(
    @Id('modelId') modelId: string,
    @RouteQuery('modelRefreshHistory') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      if (!(await em.findOne(DataModel, { id: modelId, deletedAt: null }))) throw notFound('The model');
      const rows = await listRefreshes(sql, { modelId, after: cursorOf(query), limit: query.limit + 1 });
      return pageOf(rows, query.limit, present);
    });
  }

  @Endpoint('listCascades')
  listCascades(
    @Id('projectId') projectId: string,
    @RouteQuery('listCascades') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      const rows = await listCascades(sql, { projectId, after: cursorOf(query), limit: query.limit + 1 });
      return pageOf(rows, query.limit, (row) => row);
    });
  }

  @Endpoint('getCascade')
  getCascade(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      const [row] = await listCascades(sql, { id });
      if (!row) throw notFound('The cascade');
      return row;
    });
  }

  @Endpoint('impact')
  impact(
    @Id('projectId') projectId: string,
    @RouteQuery('impact') { sourceId, modelId }: { sourceId?: string; modelId?: string },
    @CallingMember() { organizationId }: Member,
  ) {
    const of = sourceId
      ? { sourceId: requireId(sourceId) }
      : modelId
        ? { modelId: requireId(modelId) }
        : null;
    if (!of) throw new FreshetError('invalid_input', 'Say of what: give sourceId or modelId.');
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      return this.desk.impact(sql, projectId, of);
    });
  }
}

async function findRefresh(sql: Sql, id: string): Promise<Refresh> {
  const [row] = await listRefreshes(sql, { id });
  if (!row) throw notFound('The refresh');
  return present(row);
}

const present = (row: Refresh): Refresh => ({
  ...row,
  durationMs: row.durationMs === null ? null : Math.round(row.durationMs),
});
