/** Deletes a model after asking, naming what reads it. */
import { Injectable, inject } from '@angular/core';
import type { Model } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem, type ApiProblem } from '../api/api-problem';
import { Confirm } from '../confirm/confirm';
import { Toasts } from '../toasts/toasts';

export interface Dependent {
  kind: string;
  name: string;
}

const isDependent = (value: unknown): value is Dependent =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'name' in value &&
  typeof value.kind === 'string' &&
  typeof value.name === 'string';

/** The dependents that a refused deletion lists. */
export const dependentsOf = (problem: ApiProblem): Dependent[] => {
  const listed = problem.document['dependents'];
  return Array.isArray(listed) ? listed.filter(isDependent) : [];
};

const knownDependents = (model: Pick<Model, 'downstream' | 'dashboards'>): Dependent[] => [
  ...model.downstream.map(({ name }) => ({ kind: 'model', name })),
  ...model.dashboards.map(({ name }) => ({ kind: 'dashboard', name })),
];

@Injectable({ providedIn: 'root' })
export class DeleteModel {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #toasts = inject(Toasts);

  /** True once it is gone. */
  async ask(model: Pick<Model, 'id' | 'name' | 'downstream' | 'dashboards'>): Promise<boolean> {
    const known = knownDependents(model);
    if (!(await this.#sure(model.name, known))) return false;
    try {
      await this.#delete(model.id, known.length > 0);
    } catch (error) {
      const problem = toApiProblem(error);
      if (problem.code !== 'has_dependents') {
        this.#toasts.problem(problem);
        return false;
      }
      // Something has come to depend on it since the page was read.
      if (!(await this.#sure(model.name, dependentsOf(problem)))) return false;
      return this.#deleteConfirmed(model);
    }
    this.#toasts.show(`${model.name} was deleted`);
    return true;
  }

  async #deleteConfirmed(model: Pick<Model, 'id' | 'name'>): Promise<boolean> {
    try {
      await this.#delete(model.id, true);
      this.#toasts.show(`${model.name} was deleted`);
      return true;
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
      return false;
    }
  }

  #delete(id: string, confirmed: boolean): Promise<void> {
    return this.#api.call('deleteModel', { params: { id }, query: confirmed ? { confirm: 'true' } : {} });
  }

  #sure(name: string, dependents: readonly Dependent[]): Promise<boolean> {
    return this.#confirm.ask({
      title: `Delete the model ${name}?`,
      text:
        dependents.length > 0
          ? 'Its versions and history go. These read it: models stay on their last version, charts will fail.'
          : 'Its versions and history go. Nothing else reads it.',
      consequences: dependents.map((dependent) => `${dependent.kind} ${dependent.name}`),
      confirm: 'Delete model',
      danger: true,
    });
  }
}
