/** Connectors, sources and their tables. */
import { Controller, Inject, Req } from '@nestjs/common';
import type { CheckSource, CreateSource, PageQuery, StartSync, UpdateSource } from '@freshet/contracts';
import { worstFreshness } from '@freshet/domain';
import {
  ControlPlane,
  DataSource,
  listSources,
  listSyncRuns,
  Project,
  requestSync,
  Stream,
} from '@freshet/persistence';
import {
  CallingMember, Clock, Endpoint, IfMatch, LeastRole, principalKey, principalLabel, RateLimiter, RouteBody, RouteQuery, tooMany, type Member,
} from '@freshet/service-kit'; // prettier-ignore
import type { Request } from 'express';
import { correlationOf } from '../http/correlation';
import { hourlyLimit } from '../http/hourly-limits';
import { Id, notFound } from '../http/id-param';
import { cursorOf, pageOf, wholePage } from '../http/paging';
import { ConnectorDesk } from './connector-desk';
import { presentRun, presentSource } from './present-source';
import { SourceDesk } from './source-desk';

@Controller()
export class SourcesController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ConnectorDesk) private readonly connectors: ConnectorDesk,
    @Inject(SourceDesk) private readonly desk: SourceDesk,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Endpoint('listConnectors')
  listConnectors() {
    return wholePage(this.connectors.list());
  }

  @Endpoint('checkSource')
  @LeastRole('editor')
  checkSource(@RouteBody('checkSource') body: CheckSource, @CallingMember() caller: Member) {
    return this.connectors.check(caller, body);
  }

  @Endpoint('discoverSource')
  @LeastRole('editor')
  discoverSource(@RouteBody('discoverSource') body: CheckSource, @CallingMember() caller: Member) {
    return this.connectors.discover(caller, body);
  }

  @Endpoint('listSources')
  listSources(
    @Id('projectId') projectId: string,
    @RouteQuery('listSources') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      if (!(await em.findOne(Project, { id: projectId }))) throw notFound('The project');
      const rows = await listSources(sql, { projectId, after: cursorOf(query), limit: query.limit + 1 });
      return pageOf(rows, query.limit, (row) => presentSource(row, this.clock.now()));
    });
  }

  @Endpoint('createSource')
  @LeastRole('editor')
  createSource(
    @Id('projectId') projectId: string,
    @RouteBody('createSource') body: CreateSource,
    @CallingMember() caller: Member,
    @Req() request: Request,
  ) {
    return this.desk.create(caller, projectId, body, correlationOf(request));
  }

  @Endpoint('getSource')
  getSource(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, (_, sql) => this.desk.find(sql, id));
  }

  @Endpoint('updateSource')
  @LeastRole('editor')
  updateSource(
    @Id() id: string,
    @RouteBody('updateSource') body: UpdateSource,
    @RouteQuery('updateSource') query: { confirm?: 'true' | 'false' },
    @IfMatch() revision: number | null,
    @CallingMember() caller: Member,
  ) {
    return this.desk.update(caller, id, body, { expected: revision, confirmed: query.confirm === 'true' });
  }

  @Endpoint('deleteSource')
  @LeastRole('editor')
  deleteSource(
    @Id() id: string,
    @RouteQuery('deleteSource') query: { confirm?: 'true' | 'false' },
    @CallingMember() caller: Member,
  ) {
    return this.desk.remove(caller, id, query.confirm === 'true');
  }

  @Endpoint('startSync')
  @LeastRole('editor')
  async startSync(
    @Id() id: string,
    @RouteBody('startSync') body: StartSync,
    @CallingMember() caller: Member,
    @Req() request: Request,
  ) {
    const correlationId = correlationOf(request);
    const run = await this.plane.withTenant(caller.organizationId, async (em, sql) => {
      if (!(await em.findOne(DataSource, { id, deletedAt: null }))) throw notFound('The source');
      const limit = hourlyLimit.syncs(id);
      const allowance = await this.limiter.take(limit, principalKey(caller)).catch(() => null);
      if (allowance && !allowance.allowed)
        throw tooMany(
          allowance,
          `This source was synced by hand ${limit.most} times within an hour. Wait a while.`,
          this.clock.now(),
        );
      const asked = await requestSync(sql, {
        sourceId: id,
        trigger: caller.kind === 'api_key' ? 'api' : 'user',
        principal: principalLabel(caller),
        why: `${principalLabel(caller)} asked for it.`,
        request: body,
        correlationId,
      });
      if (!asked) throw notFound('The source');
      return asked;
    });
    await this.desk.wake(id, run, correlationId);
    return { runId: run.runId, joined: run.joined };
  }

  @Endpoint('listSourceRuns')
  listSourceRuns(
    @Id() id: string,
    @RouteQuery('listSourceRuns') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      if (!(await em.findOne(DataSource, { id, deletedAt: null }))) throw notFound('The source');
      const rows = await listSyncRuns(sql, { sourceId: id, after: cursorOf(query), limit: query.limit + 1 });
      return pageOf(rows, query.limit, presentRun);
    });
  }

  @Endpoint('listSourceTables')
  listSourceTables(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, async (em) => {
      const source = await em.findOne(DataSource, { id, deletedAt: null });
      if (!source) throw notFound('The source');
      const streams = await em.find(Stream, { sourceId: id, deletedAt: null }, { orderBy: { id: 'asc' } });
      return wholePage(
        streams.map(({ name, revision, rowCount, bytes, columns }) => ({
          stream: name,
          table: `${source.slug}.${name}`,
          revision,
          rowCount,
          bytes,
          columns,
        })),
      );
    });
  }

  @Endpoint('syncStatus')
  syncStatus(@CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      const sources = (await listSources(sql, {})).map((row) => presentSource(row, this.clock.now()));
      const worst = worstFreshness(sources.map((source) => source.freshness));
      const times = sources.map((source) => source.lastSyncAt).sort();
      return {
        lastSyncAt: times.includes(null) ? null : (times[0] ?? null),
        status: worst ?? 'never',
        isStale: worst === 'stale' || worst === 'never',
      };
    });
  }
}
