/** A moment as people say it, ticking; the exact one with its zone on hover: `<fr-ago [at]="run.completedAt" />`. */
import { Component, booleanAttribute, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Clock } from './clock';
import { exactTime, relativeTime } from './describe-time';

@Component({
  selector: 'fr-ago',
  imports: [MatTooltip],
  template: `
    @if (at(); as moment) {
      <time [attr.datetime]="moment" [matTooltip]="exact()">{{ relative() }}</time>
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
  /** For what is still to come, such as the next run. */
  readonly ahead = input(false, { transform: booleanAttribute });
  readonly #clock = inject(Clock);

  protected readonly relative = computed(() => {
    const [at, now] = [Date.parse(this.at() ?? ''), this.#clock.now()];
    if (this.ahead()) return at <= now ? 'any moment' : relativeTime(at, now);
    // What has happened is never ahead, whatever the two clocks say.
    return relativeTime(Math.min(at, now), now);
  });
  protected readonly exact = computed(() => exactTime(this.at() ?? 0));
}
