/** How long something takes: ticking until it is over. `<fr-elapsed [since]="run.startedAt" [until]="run.completedAt" />`. */
import { Component, computed, inject, input } from '@angular/core';
import { Clock } from './clock';
import { duration } from './describe-time';

@Component({
  selector: 'fr-elapsed',
  template: '{{ text() }}',
  styles: ':host { font-variant-numeric: tabular-nums; white-space: nowrap; }',
})
export class Elapsed {
  readonly since = input.required<string | null>();
  readonly until = input<string | null>(null);
  readonly #clock = inject(Clock);

  protected readonly text = computed(() => {
    const since = this.since();
    if (since === null) return '–';
    const until = this.until();
    if (until !== null) return duration(Date.parse(until) - Date.parse(since));
    return duration(Math.floor((this.#clock.now() - Date.parse(since)) / 1_000) * 1_000);
  });
}
