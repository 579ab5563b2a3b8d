/** A state as icon, word and colour: `<fr-status of="fresh" />`, with more words after it as content. */
import { Component, booleanAttribute, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { statuses } from './vocabulary';
import type { Status, StatusName } from './vocabulary';

@Component({
  selector: 'fr-status',
  imports: [MatIcon],
  template: `<mat-icon
      [svgIcon]="status().icon"
      [class.moving]="status().moving"
      aria-hidden="true"
    /><span>{{ word() ?? status().word }}</span
    ><ng-content />`,
  styleUrl: './status-badge.scss',
  host: { '[attr.data-tone]': 'status().tone', '[class.plain]': 'plain()' },
})
export class StatusBadge {
  readonly of = input.required<StatusName>();
  /** Another word for the same state, where the place makes it clearer. */
  readonly word = input<string>();
  /** Without its tinted ground, for dense tables. */
  readonly plain = input(false, { transform: booleanAttribute });

  protected readonly status = computed<Status>(() => statuses[this.of()]);
}
