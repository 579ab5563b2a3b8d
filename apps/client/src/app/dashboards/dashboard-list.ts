/** All dashboards of a project, as cards. */
import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { apiResource } from '../api/api-resource';
import { EmptyState } from '../empty-state/empty-state';
import { LiveUpdates } from '../live/live-updates';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { Ago } from '../time/ago';
import { counted } from '../time/describe-number';

@Component({
  imports: [Ago, EmptyState, MatButton, MatIcon, ProblemPanel, RouterLink, Skeleton],
  templateUrl: './dashboard-list.html',
  styleUrl: './dashboard-list.scss',
})
export class DashboardList {
  readonly projectId = input.required<string>();
  protected readonly session = inject(Session);
  readonly #changes = inject(LiveUpdates).changes(
    'resource:changed',
    (event) => event.payload.kind === 'dashboard',
  );
  protected readonly dashboards = apiResource(
    'listDashboards',
    () => ({ params: { projectId: this.projectId() }, query: { limit: 200 } }),
    () => this.#changes(),
  );

  protected charts(count: number): string {
    return counted(count, 'chart');
  }
}
