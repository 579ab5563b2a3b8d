/** Creates or changes a dashboard: its name, and charts that can be added, edited, moved, resized and removed on the grid they will have. */
import { Component, DestroyRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import type { Dashboard } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem, type ApiProblem } from '../api/api-problem';
import { EmptyState } from '../empty-state/empty-state';
import { ProjectCatalogue } from '../models/sql/project-catalogue';
import { ProblemPanel } from '../problem/problem-panel';
import { Skeleton } from '../skeleton/skeleton';
import { Toasts } from '../toasts/toasts';
import { ChartDialog, type ChartDialogData, type ChartDialogResult } from './chart-dialog';
import { draftsOf, faultOf, moved, placed, resized, type ChartDraft } from './chart-draft';
import { DraftCard } from './draft-card';
import type { Editing } from './keep-unsaved-changes';

@Component({
  imports: [
    DraftCard,
    EmptyState,
    MatButton,
    MatFormField,
    MatIcon,
    MatInput,
    MatLabel,
    ProblemPanel,
    RouterLink,
    Skeleton,
  ],
  providers: [ProjectCatalogue],
  templateUrl: './dashboard-editor.html',
  styleUrl: './dashboard-editor.scss',
  host: { '(window:beforeunload)': 'beforeUnload($event)' },
})
export class DashboardEditor implements Editing {
  readonly projectId = input.required<string>();
  /** Absent for a new dashboard. */
  readonly dashboardId = input<string>();

  readonly #api = inject(Api);
  readonly #dialog = inject(MatDialog);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #catalogue = inject(ProjectCatalogue);
  #destroyed = false;
  #keys = 0;

  protected readonly base = signal<Dashboard | null>(null);
  protected readonly name = signal('');
  protected readonly description = signal('');
  protected readonly drafts = signal<readonly ChartDraft[]>([]);
  protected readonly saving = signal(false);
  protected readonly saveProblem = signal<ApiProblem | null>(null);
  protected readonly loadProblem = signal<ApiProblem | null>(null);
  protected readonly ready = computed(() => this.dashboardId() === undefined || this.base() !== null);
  protected readonly nameMissing = computed(() => this.name().trim() === '');
  protected readonly triedToSave = signal(false);
  readonly dirty = computed(() => this.ready() && this.#fingerprint() !== this.#saved());
  readonly #fingerprint = computed(() =>
    JSON.stringify([this.name(), this.description(), this.drafts().map(({ chart }) => chart)]),
  );
  readonly #saved = signal(JSON.stringify(['', '', []]));

  constructor() {
    inject(DestroyRef).onDestroy(() => (this.#destroyed = true));
    effect(() => {
      this.#catalogue.of(this.projectId());
      const id = this.dashboardId();
      if (id !== undefined) untracked(() => void this.load(id));
    });
  }

  protected async load(id: string): Promise<void> {
    this.loadProblem.set(null);
    this.saveProblem.set(null);
    try {
      const dashboard = await this.#api.call('getDashboard', { params: { id } });
      this.base.set(dashboard);
      this.name.set(dashboard.name);
      this.description.set(dashboard.description ?? '');
      this.drafts.set(draftsOf(dashboard.charts));
      this.#saved.set(this.#fingerprint());
      if (dashboard.charts.length > 0) await this.#showResults(id);
    } catch (error) {
      this.loadProblem.set(toApiProblem(error));
    }
  }

  protected async edit(draft: ChartDraft | null): Promise<void> {
    const dialog = this.#dialog.open<ChartDialog, ChartDialogData, ChartDialogResult>(ChartDialog, {
      data: { projectId: this.projectId(), draft, relations: this.#catalogue.relations },
      width: 'min(1080px, 100vw)',
      maxWidth: '100vw',
      maxHeight: '100dvh',
      panelClass: 'fr-chart-dialog',
      disableClose: true,
    });
    const edited = await firstValueFrom(dialog.afterClosed());
    if (!edited || this.#destroyed) return;
    const next: ChartDraft = { key: draft?.key ?? `new-${String((this.#keys += 1))}`, ...edited };
    this.drafts.update((drafts) =>
      placed(draft ? drafts.map((each) => (each.key === draft.key ? next : each)) : [...drafts, next]),
    );
  }

  protected move(draft: ChartDraft, step: -1 | 1): void {
    this.drafts.update((drafts) => moved(drafts, draft.key, step));
  }

  protected resize(draft: ChartDraft, size: { w?: number; h?: number }): void {
    this.drafts.update((drafts) => resized(drafts, draft.key, size));
  }

  protected remove(draft: ChartDraft): void {
    const before = this.drafts();
    this.drafts.set(placed(before.filter(({ key }) => key !== draft.key)));
    this.#toasts.show(`${draft.chart.title} was removed`, {
      label: 'Undo',
      run: () => this.drafts.set(before),
    });
  }

  protected async save(): Promise<void> {
    this.triedToSave.set(true);
    if (this.nameMissing() || this.saving()) return;
    this.saving.set(true);
    this.saveProblem.set(null);
    const base = this.base();
    const charts = this.drafts().map(({ chart }) => chart);
    const body = { name: this.name().trim(), description: this.description().trim(), charts };
    try {
      const saved = base
        ? await this.#api.call('updateDashboard', { params: { id: base.id }, body, ifMatch: base.revision })
        : await this.#api.call('createDashboard', {
            params: { projectId: this.projectId() },
            body: { ...body, description: body.description || undefined },
          });
      this.#saved.set(this.#fingerprint());
      this.#toasts.show(`${saved.name} was saved`);
      await this.#router.navigate(['/p', this.projectId(), 'dashboards', saved.id]);
    } catch (error) {
      this.saveProblem.set(toApiProblem(error));
    } finally {
      this.saving.set(false);
    }
  }

  protected beforeUnload(event: BeforeUnloadEvent): void {
    if (this.dirty()) event.preventDefault();
  }

  async #showResults(id: string): Promise<void> {
    try {
      const { results } = await this.#api.call('loadDashboard', { params: { id }, body: {} });
      this.drafts.update((drafts) =>
        drafts.map((draft) => {
          const result = results[draft.key];
          if (!result || draft.result) return draft;
          return 'error' in result ? { ...draft, error: result.error } : { ...draft, result };
        }),
      );
    } catch (error) {
      const fault = faultOf(toApiProblem(error));
      this.drafts.update((drafts) =>
        drafts.map((draft) => (draft.result ? draft : { ...draft, error: fault })),
      );
    }
  }
}
