/** How long until a moment: "in 1:35", ticking; "any moment" once it has passed. `<fr-countdown [to]="run.waitingUntil" />`. */
import { Component, computed, inject, input } from '@angular/core';
import { Clock } from './clock';
import { duration } from './describe-time';

@Component({
  selector: 'fr-countdown',
  template: '{{ text() }}',
  styles: ':host { font-variant-numeric: tabular-nums; white-space: nowrap; }',
})
export class Countdown {
  readonly to = input.required<string>();
  readonly #clock = inject(Clock);

  protected readonly text = computed(() => {
    const left = Math.ceil((Date.parse(this.to()) - this.#clock.now()) / 1_000);
    if (left <= 0) return 'any moment';
    return `in ${left < 10 ? `${left} s` : duration(left * 1_000)}`;
  });
}
