/** A model: how fresh it is and why, what it contains, what depends on it, and everything that has happened to it. */
import { Component, computed, effect, inject, input, signal, type Signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { MatTab, MatTabContent, MatTabGroup } from '@angular/material/tabs';
import { Router, RouterLink } from '@angular/router';
import type { Model } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';
import { apiResource, type ApiResource } from '../api/api-resource';
import { LiveUpdates } from '../live/live-updates';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { StatusBadge } from '../status/status-badge';
import { modelStatus } from '../status/vocabulary';
import { PageTitle } from '../theme/page-title';
import { Ago } from '../time/ago';
import { CountPipe, TookPipe } from '../time/number-pipes';
import { Toasts } from '../toasts/toasts';
import { DeleteModel } from './delete-model';
import { ModelFacts } from './model-facts';
import { modelEvents } from './model-events';
import { ModelRows } from './model-rows';
import { RefreshHistory } from './history/refresh-history';
import { refreshSentence, rowsChanged } from './history/refresh-words';
import { VersionState } from './version-state';
import { ModelVersions } from './versions/model-versions';

@Component({
  imports: [
    Ago,
    CountPipe,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    MatTab,
    MatTabContent,
    MatTabGroup,
    ModelFacts,
    ModelRows,
    ModelVersions,
    ProblemPanel,
    RefreshHistory,
    RouterLink,
    Skeleton,
    StatusBadge,
    TookPipe,
    VersionState,
  ],
  templateUrl: './model-page.html',
  styleUrl: './model-page.scss',
})
export class ModelPage {
  readonly projectId = input.required<string>();
  readonly modelId = input.required<string>();

  protected readonly session = inject(Session);
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #live = inject(LiveUpdates);
  readonly #deletion = inject(DeleteModel);

  readonly #changes = this.#live.changes(modelEvents, ({ payload }) =>
    'modelId' in payload
      ? payload.modelId === this.modelId()
      : payload.kind === 'model' && payload.id === this.modelId(),
  );
  /** A finished sync moves the as-of even when it changed nothing. */
  readonly #syncs: Signal<number> = this.#live.changes(
    'sync:completed',
    ({ payload }): boolean =>
      this.model.value()?.asOf.some(({ sourceId }) => sourceId === payload.sourceId) ?? false,
  );
  protected readonly changes: Signal<number> = computed(() => this.#changes() + this.#syncs());
  protected readonly model: ApiResource<Model> = apiResource(
    'getModel',
    () => ({ params: { id: this.modelId() } }),
    () => this.changes(),
  );
  protected readonly history = apiResource(
    'modelRefreshHistory',
    () => ({ params: { modelId: this.modelId() }, query: { limit: 20 } }),
    () => this.#changes(),
  );

  protected readonly status = computed(() => {
    const model = this.model.value();
    return model && modelStatus(model);
  });
  protected readonly active = computed(() => {
    const status = this.model.value()?.status;
    return status === 'QUEUED' || status === 'REFRESHING';
  });
  protected readonly lastPublished = computed(
    () => this.history.value()?.items.find(({ published }) => published) ?? null,
  );
  protected readonly changedRows = computed(() => {
    const refresh = this.lastPublished();
    return refresh && rowsChanged(refresh);
  });
  protected readonly asking = signal(false);
  /** Refreshes this person asked for here, whose end is told in a toast. */
  readonly #asked = new Set<string>();

  constructor() {
    const title = inject(PageTitle);
    effect(() => {
      const model = this.model.value();
      if (model) title.show(model.name);
    });
    this.#live.on(
      ['model:refresh:completed', 'model:refresh:failed', 'model:refresh:skipped', 'model:refresh:cancelled'],
      ({ payload }) => {
        if (this.#asked.delete(payload.refreshId)) void this.#tellEnd(payload.refreshId);
      },
    );
  }

  protected async refreshNow(ask: { dryRun?: boolean; shadow?: boolean } = {}): Promise<void> {
    this.asking.set(true);
    try {
      const { refreshId, joined } = await this.#api.call('refreshModel', {
        params: { id: this.modelId() },
        body: ask,
      });
      this.#asked.add(refreshId);
      if (joined) this.#toasts.show('A refresh is already under way; this page shows when it is done.');
      this.model.reload();
      this.history.reload();
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.asking.set(false);
    }
  }

  protected async cancelRefresh(refreshId: string): Promise<void> {
    try {
      await this.#api.call('cancelRefresh', { params: { id: refreshId } });
      this.model.reload();
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    }
  }

  protected async remove(): Promise<void> {
    const model = this.model.value();
    if (model && (await this.#deletion.ask(model)))
      await this.#router.navigate(['/p', this.projectId(), 'models']);
  }

  async #tellEnd(refreshId: string): Promise<void> {
    const name = this.model.value()?.name ?? 'The model';
    try {
      this.#toasts.show(
        `${name}: ${refreshSentence(await this.#api.call('getRefresh', { params: { id: refreshId } }))}`,
      );
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    }
  }
}
