/** Shows other versions of a model than the latest: rollback, release, and the promotion of shadow builds. */
import { Inject, Injectable } from '@nestjs/common';
import type { Model, ModelVersion } from '@freshet/contracts';
import { ControlPlane, DataModel, lockFenceRow, recordAudit, type AuditedAction } from '@freshet/persistence';
import { principalLabel, type Member } from '@freshet/service-kit';
import { notFound } from '../http/id-param';
import { versionToPromote, versionToRollBackTo } from './choose-version';
import { ModelDescriber } from './model-describer';
import { keptVersions, makeMove, moveOn, type HeldModel, type Move } from './move-pointer';
import { StableViews } from './stable-views';

/** The fence asks whether a refresh may still publish; here a person does. */
const noRefresh = '0';

@Injectable()
export class VersionDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ModelDescriber) private readonly models: ModelDescriber,
    @Inject(StableViews) private readonly views: StableViews,
  ) {}

  list({ organizationId }: Member, id: string): Promise<ModelVersion[]> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const model = await em.findOne(DataModel, { id, deletedAt: null });
      if (!model) throw notFound('The model');
      return (await keptVersions(sql, model)).map(({ state, guards, contentHash: _, vector: __, indexes: ___, ...kept }) => ({
        ...kept,
        state,
        published: state === 'live',
        guards: guards.map(({ rows: ____, ...report }) => report),
      })); // prettier-ignore
    });
  }

  /** Pins the model at the version, so that no sync undoes it. Asking for it again changes nothing. */
  rollback(caller: Member, id: string, version: number): Promise<Model> {
    return this.move(caller, id, 'rollback', ({ fence, kept }) => {
      const chosen = versionToRollBackTo(kept, version);
      const isThere = fence.pinnedVersion === version && fence.publishedVersion === version;
      return isThere ? null : { to: chosen, pin: true, builtVector: null };
    });
  }

  /** Ends a rollback. Of a model that isn't pinned it changes nothing. */
  release(caller: Member, id: string): Promise<Model> {
    return this.move(caller, id, 'release', (held) =>
      held.fence.pinnedVersion === null ? null : moveOn(held),
    );
  }

  /** Publishes a shadow build; a pin ends by it. */
  promote(caller: Member, id: string, version: number): Promise<Model> {
    return this.move(caller, id, 'promote', ({ fence, kept }) => {
      const chosen = versionToPromote(kept, version, fence);
      // In shadow mode later builds go on being compared: what the latest was built from stays known.
      const builtVector = fence.mode === 'shadow' ? null : chosen.vector;
      return fence.publishedVersion === version ? null : { to: chosen, pin: false, builtVector };
    });
  }

  /** Under the model's lock, where a refresh that ends meanwhile finds the decision made, or waits for it. */
  private async move(
    caller: Member,
    id: string,
    action: AuditedAction,
    decide: (held: HeldModel) => Move | null,
  ): Promise<Model> {
    const { organizationId } = caller;
    const moved = await this.plane.withTenant(organizationId, async (em, sql) => {
      const fence = await lockFenceRow(sql, id, noRefresh);
      const model = fence && (await em.findOne(DataModel, { id, deletedAt: null }));
      if (!model) throw notFound('The model');
      const held = { id, projectId: model.projectId, fence, kept: await keptVersions(sql, model) };
      const move = decide(held);
      if (move) {
        const details = {
          model: model.name,
          from: fence.publishedVersion,
          to: move.to?.version ?? fence.publishedVersion,
        };
        await recordAudit(sql, {
          organizationId, projectId: model.projectId, principal: principalLabel(caller), action,
          subjectKind: 'model', subjectId: id, details,
        }); // prettier-ignore
        await makeMove(sql, held, move);
      }
      return this.models.find(sql, id);
    });
    if (moved.stableView) await this.views.follow(id);
    return moved;
  }
}
