/** Asks for refreshes on behalf of people, and tells beforehand what one would bring about. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, type impact, type RefreshKind } from '@freshet/contracts';
import { buildGraph, planCascade, planImpact } from '@freshet/domain';
import {
  ControlPlane, DataModel, DataSource, findReaders, listModels, loadCascadeState, Project, requestRefresh, Stream, writeCascade,
  type EntityManager, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import {
  Clock,
  principalKey,
  principalLabel,
  RateLimiter,
  tooMany,
  type Limit,
  type Member,
} from '@freshet/service-kit';
import type { z } from 'zod';
import { hourlyLimit } from '../http/hourly-limits';
import { notFound } from '../http/id-param';
import { owedModels } from '../models/present-model';

type Impact = z.infer<typeof impact>;

@Injectable()
export class RefreshDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  refresh(
    caller: Member,
    modelId: string,
    kind: RefreshKind,
    correlationId: string,
  ): Promise<{ refreshId: string; joined: boolean }> {
    return this.plane.withTenant(caller.organizationId, async (em, sql) => {
      if (!(await em.findOne(DataModel, { id: modelId, deletedAt: null }))) throw notFound('The model');
      await this.slowDown(
        hourlyLimit.modelRefreshes,
        caller,
        'Models were refreshed by hand too often within an hour.',
      );
      const asked = await requestRefresh(sql, { modelId, kind, ...askOf(caller), correlationId });
      if (!asked) throw notFound('The model');
      return { refreshId: asked.refreshId, joined: asked.joined };
    });
  }

  /** All models that read the source, directly or through others, as one cascade. */
  refreshBelow(
    caller: Member,
    sourceId: string,
    correlationId: string,
  ): Promise<{ cascadeId: string; models: string[] }> {
    return this.plane.withTenant(caller.organizationId, async (em, sql) => {
      const source = await em.findOne(DataSource, { id: sourceId, deletedAt: null });
      if (!source) throw notFound('The source');
      await this.slowDown(
        hourlyLimit.cascades,
        caller,
        'Cascades were started by hand too often within an hour.',
      );
      const { projectId, organizationId } = source;
      const streams = await em.find(Stream, { sourceId, deletedAt: null });
      const plan = planCascade(await graphOf(sql, projectId), streams.map(({ id }) => id)); // prettier-ignore
      const models = plan.map(({ modelId }) => modelId);
      const { why, trigger, principal } = askOf(caller);
      const cascadeId = await writeCascade(sql, {
        organizationId, projectId, sourceId, runId: null, why, models: models.map((id) => ({ id, why })),
      }); // prettier-ignore
      for (const modelId of models)
        await requestRefresh(sql, { modelId, trigger, principal, why, correlationId });
      return { cascadeId, models };
    });
  }

  /** What a changed source, or a changed model, would refresh, in order, and how long by the last times. */
  async impact(sql: Sql, projectId: string, of: { sourceId: string } | { modelId: string }): Promise<Impact> {
    const state = await loadCascadeState(sql, [projectId]);
    const rows = new Map((await listModels(sql, { projectId, limit: 10_000 })).map((row) => [row.id, row]));
    const durations = new Map(
      [...rows.values()].flatMap(({ id, lastDurationMs }) =>
        lastDurationMs === null ? [] : [[id, lastDurationMs] as const],
      ),
    );
    const cause =
      'modelId' in of
        ? of
        : { streamIds: state.streams.filter(({ sourceId }) => sourceId === of.sourceId).map(({ id }) => id) };
    const { models, totalMs } = planImpact(state.models, cause, durations, defaults.refresh.slots);
    const { dashboards } = await findReaders(sql, 'm', models.map(({ modelId }) => modelId)); // prettier-ignore
    return {
      models: models.map(({ modelId, durationMs, startMs, endMs }) => ({
        id: modelId,
        name: rows.get(modelId)?.name ?? '',
        expectedMs: durationMs,
        expectedStartMs: startMs,
        expectedEndMs: endMs,
      })),
      expectedMs: totalMs,
      dashboards,
    };
  }

  /** Models of the organization whose last build was made from other inputs than there are now. */
  async countOwed(em: EntityManager, sql: Sql): Promise<number> {
    const projects = await em.find(Project, {});
    const state = await loadCascadeState(sql, projects.map(({ id }) => id)); // prettier-ignore
    return owedModels(state, this.clock.now()).size;
  }

  /** Throws `not_found`. */
  async isOwed(em: EntityManager, sql: Sql, modelId: string): Promise<boolean> {
    const model = await em.findOne(DataModel, { id: modelId, deletedAt: null });
    if (!model) throw notFound('The model');
    return owedModels(await loadCascadeState(sql, [model.projectId]), this.clock.now()).has(modelId);
  }

  private async slowDown(limit: Limit, caller: Member, sentence: string): Promise<void> {
    const allowance = await this.limiter.take(limit, principalKey(caller)).catch(() => null);
    if (allowance && !allowance.allowed)
      throw tooMany(allowance, `${sentence} Wait a while.`, this.clock.now());
  }
}

const askOf = (caller: Member) => ({
  trigger: caller.kind === 'api_key' ? ('api' as const) : ('user' as const),
  principal: principalLabel(caller),
  why: `${principalLabel(caller)} asked for it.`,
});

const graphOf = async (sql: Sql, projectId: string) =>
  buildGraph((await loadCascadeState(sql, [projectId])).models.filter(({ deleted }) => !deleted));
