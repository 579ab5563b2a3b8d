/** Deletes a source after naming what goes with it, and what reads it. */
import { Injectable, inject } from '@angular/core';
import type { Source } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { Confirm } from '../../confirm/confirm';
import { counted } from '../../time/describe-number';

interface Dependent {
  kind: string;
  name: string;
}

const isDependent = (value: unknown): value is Dependent =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'name' in value &&
  typeof value.name === 'string';

/** The dependents a 409 names, as a list of `{kind, name}` or by kind as `{models: [{name}], dashboards: [{name}]}`. */
export const dependentsOf = (problem: ApiProblem): Dependent[] => {
  const { dependents } = problem.document;
  if (Array.isArray(dependents)) return dependents.filter(isDependent);
  if (typeof dependents !== 'object' || dependents === null) return [];
  return Object.entries(dependents).flatMap(([kinds, named]: [string, unknown]) =>
    Array.isArray(named)
      ? named.map((one: object) => ({ ...one, kind: kinds.replace(/s$/, '') })).filter(isDependent)
      : [],
  );
};

@Injectable({ providedIn: 'root' })
export class DeleteSource {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);

  /** Whether it was deleted; rejects with an ApiProblem. */
  async ask(source: Source): Promise<boolean> {
    const params = { id: source.id };
    const { items: tables } = await this.#api.call('listSourceTables', { params });
    const sure = await this.#confirm.ask({
      title: `Delete ${source.name}?`,
      text: 'This cannot be undone. What goes:',
      consequences: [
        ...tables.map((table) => `table ${table.table} with ${counted(table.rowCount, 'row')}`),
        'its settings, schedule and history of runs',
      ],
      confirm: 'Delete source',
      danger: true,
    });
    if (!sure) return false;
    try {
      await this.#api.call('deleteSource', { params });
      return true;
    } catch (error) {
      const problem = toApiProblem(error);
      if (problem.code !== 'has_dependents') throw problem;
      if (!(await this.#askDespite(problem))) return false;
      await this.#api.call('deleteSource', { params, query: { confirm: 'true' } });
      return true;
    }
  }

  #askDespite(problem: ApiProblem): Promise<boolean> {
    return this.#confirm.ask({
      title: 'Others read this source',
      text: 'They keep what they show now, and never change again:',
      consequences: dependentsOf(problem).map((dependent) => `${dependent.kind} ${dependent.name}`),
      confirm: 'Delete all the same',
      danger: true,
    });
  }
}
