/** All models of a project: how fresh each is, what it reads, and how large it has become. */
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { Model } from '@freshet/contracts';
import { apiResource } from '../api/api-resource';
import { EmptyState } from '../empty-state/empty-state';
import { LiveUpdates } from '../live/live-updates';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { StatusBadge } from '../status/status-badge';
import { modelStatus } from '../status/vocabulary';
import { Ago } from '../time/ago';
import { CountPipe } from '../time/number-pipes';
import { modelEvents } from './model-events';

@Component({
  imports: [Ago, CountPipe, EmptyState, MatButton, MatIcon, ProblemPanel, RouterLink, Skeleton, StatusBadge],
  templateUrl: './model-list.html',
  styleUrl: './model-list.scss',
})
export class ModelList {
  readonly projectId = input.required<string>();
  protected readonly session = inject(Session);
  readonly #changes = inject(LiveUpdates).changes(
    modelEvents,
    (event) => !('kind' in event.payload) || event.payload.kind === 'model',
  );
  protected readonly models = apiResource(
    'listModels',
    () => ({ params: { projectId: this.projectId() }, query: { limit: 200 } }),
    () => this.#changes(),
  );
  protected readonly rows = computed(() =>
    this.models.value()?.items.map((model) => ({ model, status: modelStatus(model), reads: reads(model) })),
  );
}

/** Names of what a model reads, models last. */
const reads = ({ upstream }: Pick<Model, 'upstream'>): string =>
  [...upstream.tables, ...upstream.models].map(({ name }) => name).join(', ') || 'nothing';
