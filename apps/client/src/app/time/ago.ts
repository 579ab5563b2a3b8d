/** A moment as people say it, ticking; the exact one with its zone on hover and for screen readers: `<fr-ago [at]="run.completedAt" />`. */
import { Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Clock } from './clock';
import { exactTime, relativeTime } from './describe-time';

@Component({
  selector: 'fr-ago',
  imports: [MatTooltip],
  template: `
    @if (at(); as moment) {
      <time [attr.datetime]="moment" [matTooltip]="exact()" tabindex="-1">{{ relative() }}</time>
    } @else {
      {{ never() }}
    }
  `,
  styles: 'time { white-space: nowrap; font-variant-numeric: tabular-nums; }',
})
export class Ago {
  readonly at = input.required<string | null>();
  /** What to say when there is no such moment. */
  readonly never = input('never');
  readonly #clock = inject(Clock);

  protected readonly relative = computed(() => relativeTime(this.at() ?? 0, this.#clock.now()));
  protected readonly exact = computed(() => exactTime(this.at() ?? 0));
}
