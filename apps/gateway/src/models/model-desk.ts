/** Creates, changes and removes models. */
import { Inject, Injectable } from '@nestjs/common';
import {
  FreshetError,
  type CreateModel,
  type Model,
  type RenameRepair,
  type UpdateModel,
} from '@freshet/contracts';
import {
  ControlPlane, DataModel, deleteModel, findReaders, lockFenceRow, lockForChange, Project, recordAudit,
  replaceModelInputs, type EntityManager, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { Clock, principalLabel, requireRevision, type Member } from '@freshet/service-kit';
import { notFound } from '../http/id-param';
import { announce, changed, eventsOf } from './announce-models';
import { checkGuards, endOfShadow, inputsOf } from './check-definition';
import { ModelDescriber } from './model-describer';
import { keptVersions, makeMove, moveOn } from './move-pointer';
import { StableViews } from './stable-views';
import { findGuarding, lockForRename, repairReaders, requireFreeName, rewriteGuards } from './rename-model';

/** A changed model, with the queries into which its new name was written. */
export type ChangedModel = Model & { repaired?: RenameRepair };

type Definition = Pick<CreateModel, 'sql' | 'guards' | 'indexes' | 'schemaPolicy' | 'allowEmpty'>;
const definition = [
  'sql',
  'guards',
  'indexes',
  'schemaPolicy',
  'allowEmpty',
] as const satisfies (keyof Definition)[];

@Injectable()
export class ModelDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ModelDescriber) private readonly models: ModelDescriber,
    @Inject(StableViews) private readonly views: StableViews,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  create({ organizationId }: Member, projectId: string, body: CreateModel): Promise<Model> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      if (!(await em.findOne(Project, { id: projectId }))) throw notFound('The project');
      await oneAtATime(sql, projectId);
      await requireFreeName(em, projectId, body.name);
      const inputs = await inputsOf(sql, projectId, body.sql);
      await checkGuards(sql, { projectId, id: 'new', name: body.name }, body.guards);
      const shadowUntil = endOfShadow(body, this.clock.now()) ?? null;
      const model = em.create(DataModel, { organizationId, projectId, ...body, shadowUntil });
      await em.flush();
      await replaceModelInputs(sql, { modelId: model.id, organizationId, inputs });
      await announce(sql, projectId, [changed('model', model.id)]);
      return this.models.find(sql, model.id);
    });
  }

  /** @param repair whether a new name is written into the queries that read the model; they are told in the answer */
  async update(
    caller: Member,
    id: string,
    changes: UpdateModel,
    { expected, repair }: { expected: number | null; repair: boolean },
  ): Promise<ChangedModel> {
    const { organizationId } = caller;
    const model = await this.plane.withTenant(organizationId, async (em, sql) => {
      if (changes.name !== undefined) await lockForRename(em, sql, id);
      else await lockForChange(sql, 'data_model', id);
      const model = await em.findOne(DataModel, { id, deletedAt: null });
      if (!model) throw notFound('The model');
      requireRevision(expected, model.revision);
      await oneAtATime(sql, model.projectId);
      const { projectId, name: formerName, mode: formerMode } = model;
      const repaired = await this.rename(em, sql, caller, model, changes.name, repair);
      if (changes.sql !== undefined && changes.sql !== model.sql) {
        const inputs = await inputsOf(sql, projectId, changes.sql, id);
        await replaceModelInputs(sql, { modelId: id, organizationId, inputs });
      }
      if (changes.guards)
        await checkGuards(sql, { projectId, id, name: changes.name ?? formerName }, changes.guards);
      const redefined = definition.some(
        (key) => changes[key] !== undefined && JSON.stringify(changes[key]) !== JSON.stringify(model[key]),
      );
      if (repaired && !changes.guards)
        model.guards = await rewriteGuards(model.guards, formerName, changes.name ?? formerName);
      const touched = (Object.keys(changes) as (keyof UpdateModel)[]).filter(
        // A new name is written down for itself.
        (key) => key !== 'name' && JSON.stringify(changes[key]) !== JSON.stringify(model[key]),
      );
      const { shadowUntil: _, ...rest } = changes;
      em.assign(model, withoutUndefined({ ...rest, shadowUntil: endOfShadow(changes, this.clock.now()) }));
      model.revision += 1;
      // Part of the input vector: the model is owed from here on.
      if (redefined) model.definitionRevision += 1;
      await em.flush();
      if (touched.length)
        await recordAudit(sql, {
          organizationId, projectId, principal: principalLabel(caller), action: 'update', subjectKind: 'model', subjectId: id,
          details: { model: formerName, changed: touched },
        }); // prettier-ignore
      if (formerMode === 'shadow' && model.mode === 'live') await leaveShadow(sql, { id, projectId });
      await announce(sql, projectId, [changed('model', id), ...eventsOf(repaired)]);
      return { ...(await this.models.find(sql, id)), ...(repaired && { repaired }) };
    });
    const isInView = model.stableView && (changes.name !== undefined || changes.mode !== undefined);
    if (isInView || changes.stableView !== undefined) await this.views.follow(id);
    return model;
  }

  /** Throws `has_dependents` with the models and dashboards that read it, unless confirmed. */
  async remove(caller: Member, id: string, confirmed: boolean): Promise<void> {
    const { organizationId } = caller;
    const hadView = await this.plane.withTenant(organizationId, async (em, sql) => {
      await lockForChange(sql, 'data_model', id);
      const model = await em.findOne(DataModel, { id, deletedAt: null });
      if (!model) throw notFound('The model');
      const { projectId, name } = model;
      const dependents = await dependentsOf(sql, { id, projectId, name });
      if (!confirmed && dependents.models.length + dependents.dashboards.length > 0) {
        throw new FreshetError(
          'has_dependents',
          'Other models or dashboards read this one. They would stop changing, and their charts of it would fail.',
          { action: 'Delete it with ?confirm=true if that is what you want.', extra: { dependents } },
        );
      }
      await recordAudit(sql, {
        organizationId, projectId, principal: principalLabel(caller), action: 'delete', subjectKind: 'model', subjectId: id,
        details: { model: name, dependents },
      }); // prettier-ignore
      await deleteModel(sql, { id, projectId });
      return model.stableView;
    });
    if (hadView) await this.views.follow(id);
  }

  private async rename(
    em: EntityManager,
    sql: Sql,
    caller: Member,
    model: { id: string; projectId: string; name: string },
    name: string | undefined,
    repair: boolean,
  ): Promise<RenameRepair | null> {
    if (name === undefined || name === model.name) return null;
    const { organizationId } = caller;
    const { id, projectId, name: from } = model;
    const repaired = await repairReaders(em, sql, model, name, repair);
    await recordAudit(sql, {
      organizationId, projectId, principal: principalLabel(caller), action: 'rename', subjectKind: 'model', subjectId: id,
      details: { from, to: name, repaired },
    }); // prettier-ignore
    return repaired;
  }
}

/** What reads it in the graph, and by the queries of guards. */
async function dependentsOf(sql: Sql, model: { id: string; projectId: string; name: string }) {
  const { models, dashboards } = await findReaders(sql, 'm', [model.id]);
  const guarding = (await findGuarding(sql, model)).filter(
    ({ id }) => !models.some((each) => each.id === id),
  );
  return { models: [...models, ...guarding], dashboards };
}

/** As releasing a rollback: the latest build is published, or the model is owed what its published version lacks. */
async function leaveShadow(sql: Sql, model: { id: string; projectId: string }): Promise<void> {
  const fence = await lockFenceRow(sql, model.id, '0');
  if (!fence || fence.pinnedVersion !== null) return;
  const held = { ...model, fence, kept: await keptVersions(sql, model) };
  await makeMove(sql, held, moveOn(held));
}

/** Two changes at once could take the same name, or each be free of circles and close one together. */
const oneAtATime = (sql: Sql, projectId: string): Promise<void> => lockForChange(sql, 'project', projectId);

const withoutUndefined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
