/** A source: how fresh it is, what it is doing, and what one can do; its runs, tables and settings as tabs. */
import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Breadcrumb } from '../breadcrumb/breadcrumb';
import { EmptyState } from '../empty-state/empty-state';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { StatusBadge } from '../status/status-badge';
import { sourceStatus } from '../status/vocabulary';
import type { StatusName } from '../status/vocabulary';
import { PageTitle } from '../theme/page-title';
import { Ago } from '../time/ago';
import { connectorIcon } from './connector-icon';
import { CurrentSource } from './current-source';
import { SourceNotices } from './notices/source-notices';
import { RunProgress } from './runs/run-progress';
import { describeSchedule } from './schedule/describe-schedule';
import { TemplateSuggestion } from './templates/template-suggestion';

@Component({
  imports: [
    Ago,
    Breadcrumb,
    EmptyState,
    MatButton,
    MatIcon,
    MatTabLink,
    MatTabNav,
    MatTabNavPanel,
    ProblemPanel,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    RunProgress,
    Skeleton,
    SourceNotices,
    StatusBadge,
    TemplateSuggestion,
  ],
  providers: [CurrentSource],
  templateUrl: './source-page.html',
  styleUrl: './source-page.scss',
})
export class SourcePage {
  readonly projectId = input.required<string>();
  /** From the way back of a consent. */
  readonly refused = input<string>();
  protected readonly current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  readonly #title = inject(PageTitle);

  protected readonly source = this.current.source;
  protected readonly gone = computed(() => this.current.resource.problem()?.status === 404);
  /** How fresh it is, and before that what is wrong with it; what it is doing stands below, with its progress. */
  protected readonly states = computed<StatusName[]>(() => {
    const source = this.source();
    if (!source) return [];
    const status = sourceStatus(source);
    return this.current.busy() || status === source.freshness
      ? [source.freshness]
      : [status, source.freshness];
  });
  /** Why it failed; that it is paused or waits is no trouble. */
  protected readonly trouble = computed(() => {
    const source = this.source();
    return source?.status === 'failed' && !this.current.busy() ? source.statusReason : null;
  });
  protected readonly icon = computed(() => connectorIcon(this.source()?.type ?? ''));
  protected readonly schedule = computed(() => {
    const source = this.source();
    return source ? describeSchedule(source.schedule) : '';
  });
  protected readonly crumbs = computed(() => [
    { label: 'Sources', link: ['/p', this.projectId(), 'sources'] },
    { label: this.source()?.name ?? 'Source' },
  ]);
  readonly #tab = signal<string | null>(null);
  protected readonly onTemplates = computed(() => this.#tab() === 'templates');
  protected readonly tabs = ['runs', 'streams', 'tables', 'templates', 'settings'] as const;
  protected readonly labels = {
    runs: 'Runs',
    streams: 'Streams',
    tables: 'Tables',
    templates: 'Templates',
    settings: 'Settings',
  } as const;

  protected tabChanged(tab: string, active: boolean): void {
    if (active) this.#tab.set(tab);
  }

  constructor() {
    effect(() => {
      const source = this.source();
      if (source) this.#title.show(source.name);
    });
  }
}
