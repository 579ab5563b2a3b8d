/** What went wrong, where it went wrong: the cause, what to do, and (as content) the button that does it. */
import { Component, booleanAttribute, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { ApiProblem } from '../api/api-problem';

/** An ApiProblem, or the `error` of a run or refresh. */
export type Trouble = Pick<ApiProblem, 'detail' | 'action'> | { message: string; action: string | null };

@Component({
  selector: 'fr-problem',
  imports: [MatButton, MatIcon],
  template: `
    <mat-icon svgIcon="alert" aria-hidden="true" />
    <div class="words">
      <p class="cause">{{ cause() }}</p>
      @if (trouble().action; as action) {
        <p class="action">{{ action }}</p>
      }
      <ng-content />
    </div>
    @if (retry()) {
      <button matButton="outlined" type="button" (click)="again.emit()">Try again</button>
    }
  `,
  styleUrl: './problem-panel.scss',
  host: { role: 'alert' },
})
export class ProblemPanel {
  readonly trouble = input.required<Trouble>();
  /** Offers "Try again", which emits `again`. */
  readonly retry = input(false, { transform: booleanAttribute });
  readonly again = output();

  protected readonly cause = computed(() => {
    const trouble = this.trouble();
    return 'detail' in trouble ? trouble.detail : trouble.message;
  });
}
