/** One cascade from the sync's commit to the last dashboard: what waited, ran, was skipped, and why (spec CA11). */
import { Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { apiResource } from '../api/api-resource';
import { LiveUpdates } from '../live/live-updates';
import { modelEvents } from '../models/model-events';
import { ProblemPanel } from '../problem/problem-panel';
import { Skeleton } from '../skeleton/skeleton';
import { StatusBadge } from '../status/status-badge';
import { PageTitle } from '../theme/page-title';
import { Ago } from '../time/ago';
import { Clock } from '../time/clock';
import { duration } from '../time/describe-time';
import { timelineOf } from './timeline';

@Component({
  imports: [Ago, ProblemPanel, RouterLink, Skeleton, StatusBadge],
  templateUrl: './cascade-page.html',
  styleUrl: './cascade-page.scss',
})
export class CascadePage {
  readonly projectId = input.required<string>();
  readonly cascadeId = input.required<string>();
  readonly #clock = inject(Clock);

  protected readonly cascade = apiResource(
    'getCascade',
    () => ({ params: { id: this.cascadeId() } }),
    inject(LiveUpdates).changes(modelEvents),
  );
  protected readonly timeline = computed(() => {
    const cascade = this.cascade.value();
    return cascade && timelineOf(cascade, this.#clock.now());
  });
  protected readonly summary = computed(() => {
    const [cascade, timeline] = [this.cascade.value(), this.timeline()];
    if (!cascade || !timeline) return '';
    const ended = cascade.items.filter(
      ({ state }) => !['waiting', 'running', 'built'].includes(state),
    ).length;
    return cascade.completedAt === null
      ? `${ended} of ${cascade.items.length} models are done`
      : `all done after ${duration(timeline.length)}`;
  });
  protected readonly dashboards = computed(() => {
    const cascade = this.cascade.value();
    const start = Date.parse(cascade?.startedAt ?? '');
    return (cascade?.dashboards ?? []).map(({ id, name, reachedAt }) => ({
      id,
      name,
      after: reachedAt === null ? null : this.after(Date.parse(reachedAt) - start),
    }));
  });

  constructor() {
    const title = inject(PageTitle);
    effect(() => title.show(`Cascade ${this.cascadeId()}`));
  }

  protected readonly after = (milliseconds: number): string => `+${duration(milliseconds)}`;
}
