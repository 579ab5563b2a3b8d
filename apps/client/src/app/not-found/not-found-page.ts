/** For addresses that lead nowhere. */
import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../empty-state/empty-state';

@Component({
  imports: [EmptyState, MatButton, RouterLink],
  template: `
    <main class="fr-page">
      <fr-empty-state
        wholePage
        icon="help"
        title="There is nothing here"
        text="The address may be mistyped, or what was here was deleted."
      >
        <a matButton="filled" routerLink="/">Go to the start</a>
      </fr-empty-state>
    </main>
  `,
})
export class NotFoundPage {}
