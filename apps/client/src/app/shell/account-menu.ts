/** Who is signed in, and the way out. */
import { Component, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Router } from '@angular/router';
import { toApiProblem } from '../api/api-problem';
import { Session } from '../session/session';
import { Toasts } from '../toasts/toasts';

@Component({
  selector: 'fr-account-menu',
  imports: [MatIconButton, MatIcon, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `
    <button
      matIconButton
      type="button"
      [matMenuTriggerFor]="menu"
      [attr.aria-label]="'Account: ' + (session.me()?.name ?? '')"
    >
      <mat-icon svgIcon="account" />
    </button>
    <mat-menu #menu>
      @if (session.me(); as me) {
        <div class="who">
          <strong>{{ me.name }}</strong>
          <span>{{ me.email }}</span>
          @if (me.organization; as organization) {
            <span>{{ organization.name }} · {{ organization.role }}</span>
          }
        </div>
      }
      <button mat-menu-item type="button" (click)="signOut()">
        <mat-icon svgIcon="sign-out" aria-hidden="true" />Sign out
      </button>
    </mat-menu>
  `,
  styles: `
    .who {
      display: grid;
      gap: 2px;
      padding: 8px 16px 12px;
      border-bottom: 1px solid var(--fr-line);
      overflow-wrap: anywhere;
    }
    .who span {
      color: var(--fr-ink-muted);
      font-size: 13px;
    }
  `,
})
export class AccountMenu {
  protected readonly session = inject(Session);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.#router.navigateByUrl('/sign-in');
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    }
  }
}
