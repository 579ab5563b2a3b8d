/** The columns of a model and the first rows of its published version; more on demand. */
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import type { ModelRows as Page } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';
import { apiResource } from '../api/api-resource';
import { DataTable } from '../charts/data-table';
import { ProblemPanel } from '../problem/problem-panel';
import { Skeleton } from '../skeleton/skeleton';
import { Toasts } from '../toasts/toasts';

@Component({
  selector: 'fr-model-rows',
  imports: [DataTable, ProblemPanel, Skeleton],
  template: `
    @if (first.problem(); as problem) {
      <fr-problem [trouble]="problem" [retry]="true" (again)="first.reload()" />
    }
    @if (page(); as page) {
      <fr-data-table
        [caption]="'Rows of ' + name() + ', version ' + page.version"
        [columns]="page.columns"
        [rows]="page.items"
        [searchable]="false"
        [sortable]="false"
        [showTypes]="true"
        [hasMore]="page.nextCursor !== null"
        [loadingMore]="loadingMore()"
        (more)="more()"
      />
    } @else if (first.loading()) {
      <fr-skeleton height="240px" />
    }
  `,
  styles: `
    :host {
      display: block;
    }
    fr-data-table {
      max-height: 640px;
      --fr-table-surface: var(--fr-ground);
    }
  `,
})
export class ModelRows {
  readonly modelId = input.required<string>();
  readonly name = input.required<string>();
  /** The published version: another one is read anew. */
  readonly version = input.required<number>();
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);

  protected readonly first = apiResource('getModelRows', () => ({
    params: { id: this.modelId() },
    query: { limit: 50, version: this.version() },
  }));
  protected readonly page = linkedSignal<Page | undefined>(() => this.first.value());
  protected readonly loadingMore = signal(false);
  readonly #next = computed(() => this.page()?.nextCursor ?? null);

  protected async more(): Promise<void> {
    const [before, after] = [this.page(), this.#next()];
    if (!before || after === null || this.loadingMore()) return;
    this.loadingMore.set(true);
    try {
      const next = await this.#api.call('getModelRows', {
        params: { id: this.modelId() },
        query: { limit: 50, after, version: before.version },
      });
      this.page.update((now) =>
        now === before ? { ...next, items: [...before.items, ...next.items] } : now,
      );
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.loadingMore.set(false);
    }
  }
}
