/** Dashboards, the data of their charts, and queries of one's own. */
import { Controller, Inject, Res } from '@nestjs/common';
import {
  FreshetError, type CreateDashboard, type LoadDashboard, type PageQuery, type RunQuery, type UpdateDashboard,
} from '@freshet/contracts'; // prettier-ignore
import { ControlPlane, listDashboards } from '@freshet/persistence';
import { CallingMember, Endpoint, IfMatch, LeastRole, RouteBody, RouteQuery, type Member } from '@freshet/service-kit'; // prettier-ignore
import type { Response } from 'express';
import { Id } from '../http/id-param';
import { cursorOf, pageOf } from '../http/paging';
import { sendJson } from '../http/send-json';
import { requireProject } from '../models/models.controller';
import { DashboardDesk } from './dashboard-desk';
import { QueryDesk } from './query-desk';
import { dashboardJson, resultJson } from './shown-result';

@Controller()
export class DashboardsController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(DashboardDesk) private readonly desk: DashboardDesk,
    @Inject(QueryDesk) private readonly queries: QueryDesk,
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
    @RouteBody('loadDashboard') { charts: wanted, fresh, asOf }: LoadDashboard,
    @CallingMember() { organizationId }: Member,
    @Res() response: Response,
  ): Promise<void> {
    const { projectId, charts } = await this.queries.dashboard(organizationId, id);
    const shown = wanted ? charts.filter((chart) => wanted.includes(chart.id)) : charts;
    const answers = await this.queries.ask({ organizationId, projectId, fresh, asOf }, shown);
    sendJson(response, dashboardJson(shown.map((chart, place) => [chart.id, answers[place]])));
  }

  @Endpoint('runQuery')
  async runQuery(
    @Id('projectId') projectId: string,
    @RouteBody('runQuery') { sql, params, fresh, asOf }: RunQuery,
    @CallingMember() { organizationId }: Member,
    @Res() response: Response,
  ): Promise<void> {
    const asked = { organizationId, projectId, fresh, asOf };
    const [answer] = await this.queries.ask(asked, [{ sql, params }]);
    if (!answer || answer instanceof FreshetError) throw answer;
    sendJson(response, resultJson(answer));
  }
}
