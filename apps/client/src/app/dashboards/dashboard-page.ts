/** A dashboard: its charts on a grid, loaded together, and reloaded by themselves when a model they read is published. */
import { Component, DestroyRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import type { Dashboard } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';
import { apiResource } from '../api/api-resource';
import { Confirm } from '../confirm/confirm';
import { EmptyState } from '../empty-state/empty-state';
import { LiveUpdates } from '../live/live-updates';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { PageTitle } from '../theme/page-title';
import { Toasts } from '../toasts/toasts';
import { exactTime } from '../time/describe-time';
import { AsOfChoice } from './as-of-choice';
import { ChartCard } from './chart-card';
import { DashboardCharts, unloaded, type ChartState } from './dashboard-charts';
import { inReadingOrder } from './pack-layout';
import { UpdateCoalescer, browserTimer } from './update-coalescer';

/** A burst of publishes within this time is one update (spec, defaults). */
const coalescingMs = 5_000;
/** How long the first load waits for the live connection: what is read after joining need not be read again. */
const patienceMs = 600;

@Component({
  imports: [
    AsOfChoice,
    ChartCard,
    EmptyState,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    ProblemPanel,
    RouterLink,
    Skeleton,
  ],
  providers: [DashboardCharts],
  templateUrl: './dashboard-page.html',
  styleUrl: './dashboard-page.scss',
})
export class DashboardPage {
  readonly projectId = input.required<string>();
  readonly dashboardId = input.required<string>();

  protected readonly charts = inject(DashboardCharts);
  protected readonly session = inject(Session);
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #confirm = inject(Confirm);
  readonly #title = inject(PageTitle);
  readonly #live = inject(LiveUpdates);

  readonly #edits = this.#live.changes(
    'resource:changed',
    ({ payload }) => payload.kind === 'dashboard' && payload.id === this.dashboardId(),
  );
  protected readonly dashboard = apiResource(
    'getDashboard',
    () => ({ params: { id: this.dashboardId() } }),
    () => this.#edits(),
  );
  protected readonly ordered = computed(() => inReadingOrder(this.dashboard.value()?.charts ?? []));
  /** A moment of the past that is shown instead of now. */
  protected readonly asOf = signal<string | null>(null);
  protected readonly modelNames = computed(() =>
    Object.fromEntries((this.dashboard.value()?.models ?? []).map(({ id, name }) => [id, name])),
  );
  readonly #updates = new UpdateCoalescer((modelIds) => void this.#modelsPublished(modelIds), coalescingMs);

  /** The dashboard and revision whose charts were loaded. */
  #shown: string | null = null;
  readonly #patient = signal(true);

  constructor() {
    const destroyRef = inject(DestroyRef);
    destroyRef.onDestroy(browserTimer.after(patienceMs, () => this.#patient.set(false)));
    effect(() => {
      const dashboard = this.dashboard.value();
      if (!dashboard) return;
      this.#title.show(dashboard.name);
      if (this.#patient() && !this.#live.live()) return;
      untracked(() => this.#show(dashboard));
    });
    effect((onCleanup) => onCleanup(this.#live.watch(this.dashboardId())));
    this.#live.on('model:published', ({ payload }) => this.#updates.add(payload.modelId), {
      resync: () => {
        if (this.#shown !== null) void this.loadAll();
      },
    });
    this.#live.on('sync:completed', ({ payload }) => {
      if (payload.changed) void this.#reload(this.charts.readingTablesOf(payload.sourceId));
    });
    destroyRef.onDestroy(() => this.#updates.close());
  }

  protected readonly exact = exactTime;

  protected stateOf(chartId: string): ChartState {
    return this.charts.states()[chartId] ?? unloaded;
  }

  protected async loadAll(fresh = false): Promise<void> {
    const ids = this.ordered().map(({ id }) => id);
    if (ids.length > 0) await this.charts.load(this.dashboardId(), ids, { fresh, asOf: this.asOf() });
  }

  protected async loadOne(chartId: string): Promise<void> {
    await this.charts.load(this.dashboardId(), [chartId], { fresh: true, asOf: this.asOf() });
  }

  protected async showAsOf(moment: string | null): Promise<void> {
    this.asOf.set(moment);
    await this.loadAll();
  }

  protected async remove(): Promise<void> {
    const dashboard = this.dashboard.value();
    if (!dashboard) return;
    const sure = await this.#confirm.ask({
      title: `Delete “${dashboard.name}”?`,
      text: 'The dashboard and its charts go; the models they read stay.',
      confirm: 'Delete dashboard',
      danger: true,
    });
    if (!sure) return;
    try {
      await this.#api.call('deleteDashboard', { params: { id: dashboard.id } });
      this.#toasts.show(`${dashboard.name} was deleted`);
      await this.#router.navigate(['/p', this.projectId(), 'dashboards']);
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    }
  }

  /** Loads its charts, unless this state of the dashboard is on the page already. */
  #show(dashboard: Dashboard): void {
    const state = `${dashboard.id}/${String(dashboard.revision)}`;
    if (this.#shown === state) return;
    this.#shown = state;
    this.charts.keep(dashboard.charts.map(({ id }) => id));
    void this.loadAll();
  }

  async #modelsPublished(modelIds: ReadonlySet<string>): Promise<void> {
    const used = new Set([...modelIds].filter((id) => this.modelNames()[id] !== undefined));
    if (used.size > 0) await this.#reload(this.charts.reading(used));
  }

  async #reload(chartIds: readonly string[]): Promise<void> {
    // The past does not change.
    if (chartIds.length === 0 || this.asOf() !== null) return;
    const updated = await this.charts.load(this.dashboardId(), chartIds);
    if (updated.length > 0)
      this.#toasts.show(
        updatedSentence(
          this.ordered()
            .filter(({ id }) => updated.includes(id))
            .map(({ title }) => title),
        ),
      );
  }
}

/** `Sessions updated`, `Sessions and Revenue updated`, `5 charts updated`. */
export const updatedSentence = (titles: readonly string[]): string =>
  titles.length > 2 ? `${String(titles.length)} charts updated` : `${titles.join(' and ')} updated`;
