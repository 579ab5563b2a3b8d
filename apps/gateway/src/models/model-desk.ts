/** Creates, changes, describes and removes models. */
import { Inject, Injectable } from '@nestjs/common';
import { FreshetError, type CreateModel, type Model, type UpdateModel } from '@freshet/contracts';
import { buildGraph, findCycle } from '@freshet/domain';
import {
  askDispatch, ControlPlane, DataModel, deleteModel, emitEvents, findReaders, listModels, listSources, loadCascadeState, loadCatalog, loadContainment,
  lockForChange, Project, replaceModelInputs, type EntityManager, type InputEdge, type ModelRow, type ReadInput, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { Clock, requireRevision, type Member } from '@freshet/service-kit';
import { parseQuery } from '@freshet/warehouse';
import { notFound } from '../http/id-param';
import { Containment } from '../lineage/containment';
import { ModelPresenter } from './present-model';
import { edgesOf, ProjectNames } from './project-names';

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
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  create({ organizationId }: Member, projectId: string, body: CreateModel): Promise<Model> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      if (!(await em.findOne(Project, { id: projectId }))) throw notFound('The project');
      await oneAtATime(sql, projectId);
      await requireFreeName(em, projectId, body.name);
      const inputs = await this.inputsOf(sql, projectId, body.sql);
      const model = em.create(DataModel, { organizationId, projectId, ...body });
      await em.flush();
      await replaceModelInputs(sql, { modelId: model.id, organizationId, inputs });
      await announce(sql, projectId, model.id);
      return this.find(sql, model.id);
    });
  }

  update(
    { organizationId }: Member,
    id: string,
    changes: UpdateModel,
    expected: number | null,
  ): Promise<Model> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await lockForChange(sql, 'data_model', id);
      const model = await em.findOne(DataModel, { id, deletedAt: null });
      if (!model) throw notFound('The model');
      requireRevision(expected, model.revision);
      const { projectId } = model;
      await oneAtATime(sql, projectId);
      if (changes.name !== undefined && changes.name !== model.name)
        await this.rename(em, sql, model, changes.name);
      if (changes.sql !== undefined && changes.sql !== model.sql) {
        const inputs = await this.inputsOf(sql, projectId, changes.sql, id);
        await replaceModelInputs(sql, { modelId: id, organizationId, inputs });
      }
      const redefined = definition.some(
        (key) => changes[key] !== undefined && JSON.stringify(changes[key]) !== JSON.stringify(model[key]),
      );
      em.assign(model, withoutUndefined(changes));
      model.revision += 1;
      // Part of the input vector: the model is owed from here on.
      if (redefined) model.definitionRevision += 1;
      await em.flush();
      await announce(sql, projectId, id);
      return this.find(sql, id);
    });
  }

  /** Throws `has_dependents` with the models and dashboards that read it, unless confirmed. */
  remove({ organizationId }: Member, id: string, confirmed: boolean): Promise<void> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await lockForChange(sql, 'data_model', id);
      const model = await em.findOne(DataModel, { id, deletedAt: null });
      if (!model) throw notFound('The model');
      const dependents = await findReaders(sql, 'm', [id]);
      if (!confirmed && dependents.models.length + dependents.dashboards.length > 0) {
        throw new FreshetError(
          'has_dependents',
          'Other models or dashboards read this one. They would stop changing, and their charts of it would fail.',
          {
            action: 'Delete it with ?confirm=true if that is what you want.',
            extra: { dependents },
          },
        );
      }
      await deleteModel(sql, { id, projectId: model.projectId });
    });
  }

  async find(sql: Sql, id: string): Promise<Model> {
    const [row] = await listModels(sql, { id });
    if (!row) throw notFound('The model');
    const [model] = await this.describe(sql, row.projectId, [row]);
    if (!model) throw notFound('The model');
    return model;
  }

  /** Rows of one project's models, with everything that follows from its state. */
  async describe(sql: Sql, projectId: string, rows: readonly ModelRow[]): Promise<Model[]> {
    const presenter = new ModelPresenter(
      await loadCascadeState(sql, [projectId]),
      await listSources(sql, { projectId }),
      this.clock.now(),
    );
    const inputOf = ({ id, version }: ModelRow): ReadInput[] =>
      version === 0 ? [] : [{ kind: 'm', id, value: version }];
    const contained = new Containment(await loadContainment(sql, rows.flatMap(inputOf))); // prettier-ignore
    return rows.map((row) => presenter.present(row, contained.asOf(inputOf(row))));
  }

  /** Throws `sql_refused` for a query that may not run, and `cycle` naming the circle that saving it would close. */
  private async inputsOf(sql: Sql, projectId: string, text: string, modelId = 'new'): Promise<InputEdge[]> {
    const inputs = edgesOf(
      new ProjectNames(projectId, await loadCatalog(sql, projectId)).bind(await parseQuery(text)),
    );
    const models = (await loadCascadeState(sql, [projectId])).models.filter(({ deleted }) => !deleted);
    const cycle = findCycle(buildGraph(models), { id: modelId, inputs });
    if (cycle) {
      const names = cycle.map((id) => models.find((model) => model.id === id)?.name ?? id);
      throw new FreshetError(
        'cycle',
        `Models would read each other in a circle: ${names.join(' → ')}. Let one of them read something else.`,
        {
          extra: { cycle: names },
        },
      );
    }
    return inputs;
  }

  /** Others name a model in their SQL: a new name would leave them behind. */
  private async rename(
    em: EntityManager,
    sql: Sql,
    model: { id: string; projectId: string },
    name: string,
  ): Promise<void> {
    await requireFreeName(em, model.projectId, name);
    const dependents = await findReaders(sql, 'm', [model.id]);
    if (dependents.models.length + dependents.dashboards.length === 0) return;
    throw new FreshetError(
      'has_dependents',
      'Other models or dashboards read it by its present name. Change their queries first.',
      { extra: { dependents } },
    );
  }
}

async function requireFreeName(em: EntityManager, projectId: string, name: string): Promise<void> {
  if (await em.findOne(DataModel, { projectId, name, deletedAt: null }))
    throw new FreshetError(
      'name_taken',
      `Another model of this project is called ${name}. Choose another name.`,
      { errors: [{ path: 'name', message: 'That name is taken.' }] },
    );
}

/** Two changes at once could take the same name, or each be free of circles and close one together. */
const oneAtATime = (sql: Sql, projectId: string): Promise<void> => lockForChange(sql, 'project', projectId);

/** Whoever looks at the project learns of it, and what is owed now is worked out (flow.ts: `model.changed`). */
const announce = async (sql: Sql, projectId: string, id: string): Promise<void> => {
  await askDispatch(sql, projectId);
  await emitEvents(sql, projectId, [
    { name: 'resource:changed', payload: { kind: 'model', id, deleted: false } },
  ]);
};

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
