/** Dashboards, the data of their charts, and queries of one's own. */
import { Controller, Inject } from '@nestjs/common';
import {
  toFreshetError, type chartFailure, type ChartResult, type CreateDashboard, type DashboardData, type LoadDashboard, type PageQuery, type QueryResult, type RunQuery,
  type UpdateDashboard,
} from '@freshet/contracts'; // prettier-ignore
import { ControlPlane, listCharts, listDashboards } from '@freshet/persistence';
import {
  CallingMember,
  Endpoint,
  IfMatch,
  LeastRole,
  LOG,
  RouteBody,
  RouteQuery,
  type Log,
  type Member,
} from '@freshet/service-kit';
import type { z } from 'zod';
import { TenantReads } from '../control/tenant-reads';
import { Id, notFound } from '../http/id-param';
import { cursorOf, pageOf } from '../http/paging';
import { requireProject } from '../models/models.controller';
import { DashboardDesk } from './dashboard-desk';
import { QueryDesk } from './query-desk';

type ChartFailure = z.infer<typeof chartFailure>;

@Controller()
export class DashboardsController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(TenantReads) private readonly reads: TenantReads,
    @Inject(DashboardDesk) private readonly desk: DashboardDesk,
    @Inject(QueryDesk) private readonly queries: QueryDesk,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Endpoint('listDashboards')
  listDashboards(
    @Id('projectId') projectId: string,
    @RouteQuery('listDashboards') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      const rows = await listDashboards(sql, { projectId, after: cursorOf(query), limit: query.limit + 1 });
      return pageOf(rows, query.limit, ({ revision: _, ...summary }) => summary);
    });
  }

  @Endpoint('createDashboard')
  @LeastRole('editor')
  createDashboard(
    @Id('projectId') projectId: string,
    @RouteBody('createDashboard') body: CreateDashboard,
    @CallingMember() caller: Member,
  ) {
    return this.desk.create(caller, projectId, body);
  }

  @Endpoint('getDashboard')
  getDashboard(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, (em, sql) => this.desk.find(em, sql, id));
  }

  @Endpoint('updateDashboard')
  @LeastRole('editor')
  updateDashboard(
    @Id() id: string,
    @RouteBody('updateDashboard') body: UpdateDashboard,
    @IfMatch() revision: number | null,
    @CallingMember() caller: Member,
  ) {
    return this.desk.update(caller, id, body, revision);
  }

  @Endpoint('deleteDashboard')
  @LeastRole('editor')
  deleteDashboard(@Id() id: string, @CallingMember() caller: Member) {
    return this.desk.remove(caller, id);
  }

  /** All charts of one load read one consistent set of versions; each has its own error (spec DB3, DB6). */
  @Endpoint('loadDashboard')
  async loadDashboard(
    @Id() id: string,
    @RouteBody('loadDashboard') { charts: wanted, fresh }: LoadDashboard,
    @CallingMember() { organizationId }: Member,
  ): Promise<DashboardData> {
    const { projectId, charts } = await this.reads.read(organizationId, async (sql) => {
      const dashboard = await listCharts(sql, id);
      if (!dashboard) throw notFound('The dashboard');
      const names = await this.queries.names(sql, dashboard.projectId);
      const prepared = [];
      for (const chart of dashboard.charts) {
        if (wanted && !wanted.includes(chart.id)) continue;
        const question = { sql: chart.sql, params: chart.params, fresh };
        prepared.push({
          id: chart.id,
          prepared: await this.orFailure(this.queries.prepare(sql, names, question)),
        });
      }
      return { projectId: dashboard.projectId, charts: prepared };
    });
    const results = await Promise.all(
      charts.map(async ({ id: chartId, prepared }): Promise<[string, ChartResult]> => {
        const result =
          'error' in prepared
            ? prepared
            : await this.orFailure(this.queries.answer(organizationId, projectId, prepared));
        return [chartId, result];
      }),
    );
    const versions = results.map(([, result]) => ('versions' in result ? result.versions : {}));
    return { versions: Object.assign({}, ...versions), results: Object.fromEntries(results) };
  }

  @Endpoint('runQuery')
  async runQuery(
    @Id('projectId') projectId: string,
    @RouteBody('runQuery') body: RunQuery,
    @CallingMember() { organizationId }: Member,
  ): Promise<QueryResult> {
    const prepared = await this.reads.read(organizationId, async (sql) =>
      this.queries.prepare(sql, await this.queries.names(sql, projectId), body),
    );
    return this.queries.answer(organizationId, projectId, prepared);
  }

  /** One chart's trouble is that chart's alone. */
  private async orFailure<T>(work: Promise<T>): Promise<T | ChartFailure> {
    try {
      return await work;
    } catch (thrown) {
      const error = toFreshetError(thrown);
      if (error.code === 'internal') this.log.error({ err: error.details.cause }, 'A chart failed');
      return { error: { code: error.code, message: error.message, action: error.details.action ?? null } };
    }
  }
}
