/** The first rows of a query as it is written, or what is wrong with it; of several runs only the last counts. */
import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { PreviewResult } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem, type ApiProblem } from '../api/api-problem';
import { lineAndColumn, type SqlError } from './sql/sql-error';

const rows = 100;

/** Provided by the page that edits the query. */
@Injectable()
export class QueryPreview {
  readonly #api = inject(Api);
  readonly #result = signal<PreviewResult | null>(null);
  readonly #running = signal(false);
  readonly #failure = signal<{ problem: ApiProblem; sql: string } | null>(null);
  #run = 0;

  readonly result = this.#result.asReadonly();
  readonly running = this.#running.asReadonly();
  /** What the server said about the query, in a preview or on saving. */
  readonly problem = computed(() => this.#failure()?.problem ?? null);
  readonly sqlError = computed<SqlError | null>(() => {
    const problem = this.problem();
    return problem && { message: problem.detail, position: problem.position };
  });
  /** The place of the error in the text it was about, for a person and for the editor. */
  readonly place = computed(() => {
    const failure = this.#failure();
    const position = failure?.problem.position ?? null;
    return failure && position !== null ? { words: lineAndColumn(failure.sql, position), position } : null;
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => (this.#run = -1));
  }

  async run(projectId: string, sql: string): Promise<void> {
    if (sql.trim() === '') return;
    const mine = ++this.#run;
    this.#running.set(true);
    try {
      const result = await this.#api.call('previewModel', {
        params: { projectId },
        body: { sql, limit: rows },
      });
      if (mine !== this.#run) return;
      this.#result.set(result);
      this.#failure.set(null);
    } catch (error) {
      if (mine === this.#run) this.refuse(toApiProblem(error), sql);
    } finally {
      if (mine === this.#run) this.#running.set(false);
    }
  }

  /** Shows a problem that came from elsewhere, with the text it is about. */
  refuse(problem: ApiProblem, sql: string): void {
    this.#failure.set({ problem, sql });
  }
}
