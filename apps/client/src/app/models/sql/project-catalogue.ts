/** Reads what a project's SQL may name: tables of all its sources and its models. Provided by pages that write SQL. */
import { Injectable, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { LiveUpdates } from '../../live/live-updates';
import { modelRelation, tableRelations, type SqlRelation } from './sql-catalogue';

@Injectable()
export class ProjectCatalogue {
  readonly #api = inject(Api);
  readonly #project = signal<string | null>(null);
  readonly #changes = inject(LiveUpdates).changes(
    ['resource:changed', 'sync:completed', 'model:published'],
    ({ name, payload }) => (name === 'sync:completed' ? 'changed' in payload && payload.changed : true),
  );
  readonly #read = resource({
    params: () => {
      const projectId = this.#project();
      return projectId === null ? undefined : { projectId, changes: this.#changes() };
    },
    loader: ({ params }) => this.#relationsOf(params.projectId),
  });

  /** What was read last stays while it is read anew, so that completion does not blink. */
  readonly relations = linkedSignal<readonly SqlRelation[] | undefined, readonly SqlRelation[]>({
    source: () => (this.#read.hasValue() ? this.#read.value() : undefined),
    computation: (now, before) => now ?? before?.value ?? [],
  }).asReadonly();
  readonly loading = computed(() => this.relations().length === 0 && this.#read.isLoading());
  readonly problem = computed(() => {
    const error = this.#read.error();
    return error ? toApiProblem(error) : null;
  });

  of(projectId: string): void {
    this.#project.set(projectId);
  }

  reload(): void {
    this.#read.reload();
  }

  async #relationsOf(projectId: string): Promise<SqlRelation[]> {
    const params = { projectId };
    const [sources, models] = await Promise.all([
      this.#api.call('listSources', { params, query: { limit: 200 } }),
      this.#api.call('listModels', { params, query: { limit: 200 } }),
    ]);
    const tables = await Promise.all(
      sources.items.map(async (source) =>
        tableRelations(
          source,
          (await this.#api.call('listSourceTables', { params: { id: source.id } })).items,
        ),
      ),
    );
    return [...tables.flat(), ...models.items.map(modelRelation)];
  }
}
