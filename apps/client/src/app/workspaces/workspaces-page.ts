/** The chooser of workspaces: each project of the organization, the last one first; and a form for a new one. */
import { Component, computed, inject, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink } from '@angular/router';
import { AccountMenu } from '../shell/account-menu';
import { ThemeMenu } from '../shell/theme-menu';
import { EmptyState } from '../empty-state/empty-state';
import { Session } from '../session/session';
import { LastProject } from './last-project';
import { NewWorkspace } from './new-workspace';
import { pageIn } from './to-workspace';

@Component({
  imports: [AccountMenu, EmptyState, MatIcon, NewWorkspace, RouterLink, ThemeMenu],
  templateUrl: './workspaces-page.html',
  styleUrl: './workspaces-page.scss',
})
export class WorkspacesPage {
  /** The page asked for, without its project. */
  readonly then = input<string>();
  protected readonly session = inject(Session);
  readonly #router = inject(Router);
  readonly #last = inject(LastProject).id;

  protected readonly projects = computed(() =>
    [...this.session.projects()]
      .sort(
        (a, b) => Number(b.id === this.#last) - Number(a.id === this.#last) || a.name.localeCompare(b.name),
      )
      .map((project) => ({
        ...project,
        last: project.id === this.#last,
        page: this.#router.parseUrl(pageIn(project.id, this.then())),
      })),
  );
}
