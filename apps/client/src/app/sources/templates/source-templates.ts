/** Ready-made models and dashboards for a source, added by one click. */
import { Component, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { SourceTemplate } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import { idempotencyKey } from '../../api/idempotency-key';
import { EmptyState } from '../../empty-state/empty-state';
import { ProblemPanel } from '../../problem/problem-panel';
import { Session } from '../../session/session';
import { Skeleton } from '../../skeleton/skeleton';
import { Toasts } from '../../toasts/toasts';
import { CurrentSource } from '../current-source';
import { sourceChanges } from '../running-syncs';
import { TemplateCard, type Chosen } from './template-card';

@Component({
  imports: [EmptyState, ProblemPanel, Skeleton, TemplateCard],
  templateUrl: './source-templates.html',
  styleUrl: './source-templates.scss',
})
export class SourceTemplates {
  readonly projectId = input.required<string>();
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly templates = apiResource(
    'listTemplates',
    () => ({ params: { id: this.#current.id() } }),
    // A template may read other sources as well.
    sourceChanges(),
  );
  protected readonly adding = signal<string | null>(null);

  /** Adds it, and shows its dashboard. */
  protected async add({ name, title }: SourceTemplate, chosen: Chosen): Promise<void> {
    if (this.adding() !== null) return;
    this.adding.set(name);
    try {
      const { dashboards } = await this.#api.call('addTemplate', {
        params: { id: this.#current.id(), name },
        body: { with: chosen },
        idempotencyKey: idempotencyKey(),
      });
      this.#toasts.show(`${title} was added; its models are being built.`);
      const [first] = dashboards;
      if (first) await this.#router.navigate(['/p', this.projectId(), 'dashboards', first.id]);
      else this.templates.reload();
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.adding.set(null);
    }
  }
}
