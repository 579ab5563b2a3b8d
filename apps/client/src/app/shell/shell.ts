/** What stays while pages change: the bar with workspace, navigation and connection, and on phones the navigation at the thumb. */
import { Component, computed, effect, inject, input } from '@angular/core';
import type { OnDestroy } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { LiveUpdates } from '../live/live-updates';
import { SyncToasts } from '../sources/sync-toasts';
import type { IconName } from '../theme/icons';
import { AccountMenu } from './account-menu';
import { ConnectionIndicator } from './connection-indicator';
import { ProjectSwitcher } from './project-switcher';
import { ThemeMenu } from './theme-menu';

interface Destination {
  label: string;
  icon: IconName;
  path: string;
}

@Component({
  imports: [
    RouterOutlet,
    RouterLink,
    RouterLinkActive,
    MatIcon,
    AccountMenu,
    ConnectionIndicator,
    ProjectSwitcher,
    ThemeMenu,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell implements OnDestroy {
  readonly projectId = input.required<string>();
  readonly #live = inject(LiveUpdates);

  protected readonly destinations = computed<Destination[]>(() => [
    { label: 'Sources', icon: 'source', path: `/p/${this.projectId()}/sources` },
    { label: 'Models', icon: 'model', path: `/p/${this.projectId()}/models` },
    { label: 'Dashboards', icon: 'dashboard', path: `/p/${this.projectId()}/dashboards` },
  ]);

  constructor() {
    inject(SyncToasts);
    effect(() => this.#live.follow(this.projectId()));
  }

  ngOnDestroy(): void {
    this.#live.follow(null);
  }

  /** A plain `#main` link would lead to the root, since the document has a base address. */
  protected skipTo(main: HTMLElement, event: Event): void {
    event.preventDefault();
    main.focus();
  }
}
