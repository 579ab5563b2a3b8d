/** What a page says when there is nothing yet: what would be here, and (as content) the button that brings it. */
import { Component, booleanAttribute, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { IconName } from '../theme/icons';

@Component({
  selector: 'fr-empty-state',
  imports: [MatIcon],
  template: `
    <mat-icon [svgIcon]="icon()" aria-hidden="true" />
    @if (wholePage()) {
      <h1>{{ title() }}</h1>
    } @else {
      <h2>{{ title() }}</h2>
    }
    <p>{{ text() }}</p>
    <div class="actions"><ng-content /></div>
  `,
  styleUrl: './empty-state.scss',
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly title = input.required<string>();
  readonly text = input('');
  /** When nothing else is on the page, it is its main heading. */
  readonly wholePage = input(false, { transform: booleanAttribute });
}
