/** Describes models as the API shows them: from what is stored, and from the state of their whole project. */
import { Inject, Injectable } from '@nestjs/common';
import type { Model } from '@freshet/contracts';
import {
  listModels, listSources, loadCascadeState, loadContainment, type ModelRow, type ReadInput, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { Clock, ENV } from '@freshet/service-kit';
import type { GatewayEnv } from '../gateway-env';
import { notFound } from '../http/id-param';
import { Containment } from '../lineage/containment';
import { ModelPresenter } from './present-model';

@Injectable()
export class ModelDescriber {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) private readonly env: GatewayEnv,
  ) {}

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
      this.env.FRESHET_MAX_WAIT_MS,
    );
    const inputOf = ({ id, version }: ModelRow): ReadInput[] =>
      version === 0 ? [] : [{ kind: 'm', id, value: version }];
    const contained = new Containment(await loadContainment(sql, rows.flatMap(inputOf))); // prettier-ignore
    return rows.map((row) => presenter.present(row, contained.asOf(inputOf(row))));
  }
}
