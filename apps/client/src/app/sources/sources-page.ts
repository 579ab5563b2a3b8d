/** The sources of a project, as cards that change by themselves. */
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { apiResource } from '../api/api-resource';
import { EmptyState } from '../empty-state/empty-state';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { sourceStatus, statuses } from '../status/vocabulary';
import { sourceChanges } from './running-syncs';
import { SourceCard } from './source-card';

const most = 200;

@Component({
  imports: [EmptyState, MatButton, MatIcon, ProblemPanel, RouterLink, Skeleton, SourceCard],
  templateUrl: './sources-page.html',
  styleUrl: './sources-page.scss',
})
export class SourcesPage {
  readonly projectId = input.required<string>();
  protected readonly mayEdit = inject(Session).mayEdit;

  protected readonly sources = apiResource(
    'listSources',
    () => ({ params: { projectId: this.projectId() }, query: { limit: most } }),
    sourceChanges(),
  );
  protected readonly items = computed(() => this.sources.value()?.items);
  protected readonly cut = computed(() => Boolean(this.sources.value()?.nextCursor));

  /** "11 of 12 fresh · 1 needs you". */
  protected readonly summary = computed(() => {
    const items = this.items() ?? [];
    const fresh = items.filter((source) => source.freshness === 'fresh').length;
    const needy = items.filter((source) => statuses[sourceStatus(source)].tone === 'danger').length;
    const words = [`${fresh} of ${items.length} fresh`];
    if (needy > 0) words.push(needy === 1 ? '1 needs you' : `${needy} need you`);
    return words.join(' · ');
  });
}
