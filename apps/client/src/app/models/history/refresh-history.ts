/** Everything that happened to a model: each refresh, what came of it and why; opened, its details. */
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { Refresh, ResponseOf } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { StatusBadge } from '../../status/status-badge';
import { refreshStatus } from '../../status/vocabulary';
import { Ago } from '../../time/ago';
import { Elapsed } from '../../time/elapsed';
import { CountPipe } from '../../time/number-pipes';
import { Toasts } from '../../toasts/toasts';
import { RefreshDetails } from './refresh-details';
import { rowDelta, triggerWords } from './refresh-words';

type Page = ResponseOf<'modelRefreshHistory'>;

@Component({
  selector: 'fr-refresh-history',
  imports: [Ago, CountPipe, Elapsed, MatButton, MatIcon, MatIconButton, RefreshDetails, StatusBadge],
  templateUrl: './refresh-history.html',
  styleUrl: './refresh-history.scss',
})
export class RefreshHistory {
  readonly modelId = input.required<string>();
  /** The newest refreshes; read anew by the page as things happen. */
  readonly newest = input.required<Page>();
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);

  /** Older pages stay while the newest is read anew. */
  readonly #older = linkedSignal<string, { items: Refresh[]; next: string | null } | null>({
    source: () => this.modelId(),
    computation: () => null,
  });
  protected readonly rows = computed(() => {
    const newest = this.newest().items;
    const older = this.#older()?.items.filter(({ id }) => !newest.some((refresh) => refresh.id === id)) ?? [];
    return [...newest, ...older].map((refresh) => ({
      refresh,
      status: refreshStatus(refresh),
      trigger: triggerWords[refresh.triggeredBy],
      delta: rowDelta(refresh),
    }));
  });
  protected readonly next = computed(() => {
    const older = this.#older();
    return older ? older.next : this.newest().nextCursor;
  });
  protected readonly open = signal<ReadonlySet<string>>(new Set());
  protected readonly loadingMore = signal(false);

  protected toggle(id: string): void {
    this.open.update((open) => {
      const next = new Set(open);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }

  protected async more(): Promise<void> {
    const after = this.next();
    if (after === null || this.loadingMore()) return;
    this.loadingMore.set(true);
    try {
      const page = await this.#api.call('modelRefreshHistory', {
        params: { modelId: this.modelId() },
        query: { limit: 20, after },
      });
      this.#older.update((older) => ({
        items: [...(older?.items ?? []), ...page.items],
        next: page.nextCursor,
      }));
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.loadingMore.set(false);
    }
  }
}
