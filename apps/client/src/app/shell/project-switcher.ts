/** Names the workspace on the screen and leads to the others. */
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Session } from '../session/session';

@Component({
  selector: 'fr-project-switcher',
  imports: [MatButton, MatIcon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
  template: `
    <button
      matButton
      type="button"
      [matMenuTriggerFor]="menu"
      [attr.aria-label]="'Workspace: ' + name() + '. Switch'"
    >
      <span class="name">{{ name() }}</span>
      <mat-icon svgIcon="chevron-down" iconPositionEnd aria-hidden="true" />
    </button>
    <mat-menu #menu>
      @for (project of session.projects(); track project.id) {
        <a
          mat-menu-item
          [routerLink]="['/p', project.id]"
          [attr.aria-current]="project.id === projectId() ? 'true' : null"
        >
          <mat-icon [svgIcon]="project.id === projectId() ? 'check' : 'workspace'" aria-hidden="true" />{{
            project.name
          }}
        </a>
      }
      <a mat-menu-item routerLink="/workspaces" [queryParams]="{ choose: 1 }"
        ><mat-icon svgIcon="more" aria-hidden="true" />All workspaces</a
      >
    </mat-menu>
  `,
  styles: `
    :host {
      min-width: 0;
    }
    button {
      max-width: 100%;
      min-height: 44px;
      color: var(--fr-ink);
    }
    .name {
      display: block;
      overflow: hidden;
      max-width: 24ch;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    @media (max-width: 719px) {
      .name {
        max-width: 34vw;
      }
    }
  `,
})
export class ProjectSwitcher {
  readonly projectId = input.required<string>();
  protected readonly session = inject(Session);
  protected readonly name = computed(
    () => this.session.projects().find((p) => p.id === this.projectId())?.name ?? 'Workspace',
  );
}
