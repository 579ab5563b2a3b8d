/** One number, large, with its movement against the previous one. */
import { Component, computed, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import type { ChartOptions, QueryResult } from '@freshet/contracts';
import { kpiOf } from './kpi';
import { provisionalSentence } from './provisional';

@Component({
  selector: 'fr-kpi-figure',
  imports: [MatTooltip],
  template: `
    @if (kpi(); as kpi) {
      <p
        class="value"
        [style.--characters]="kpi.value.length"
        data-testid="kpi-value"
        [attr.data-value]="kpi.raw"
        [textContent]="kpi.value"
      ></p>
      @if (kpi.previous !== null || provisionalFrom() !== null) {
        <p class="movement">
          @if (kpi.changeText) {
            <span class="change" data-testid="kpi-change" [textContent]="kpi.changeText"></span>
          }
          @if (kpi.previous !== null) {
            <span>was {{ kpi.previous }}</span>
          }
          @if (provisionalFrom(); as from) {
            <span class="provisional" data-testid="provisional" [matTooltip]="sentence(from)"
              >provisional</span
            >
          }
        </p>
      }
    } @else {
      <p class="none">No rows</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      justify-content: center;
      height: 100%;
      container-type: inline-size;
      font-variant-numeric: tabular-nums;
    }
    p {
      margin: 0;
    }
    .value {
      /* As large as the figure fits on one line. */
      font-size: clamp(16px, calc(140cqi / var(--characters)), 44px);
      line-height: 1.15;
      font-weight: 600;
      letter-spacing: -0.01em;
      overflow-wrap: anywhere;
    }
    .movement {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
      color: var(--fr-ink-muted);
      font-size: 13px;
    }
    .change {
      color: var(--fr-ink);
      font-weight: 600;
    }
    /* It explains itself when it is pointed at; the card's "What this contains" says the same. */
    .provisional {
      text-decoration: underline dashed 1px;
      text-underline-offset: 3px;
      cursor: help;
    }
    .none {
      color: var(--fr-ink-muted);
    }
  `,
})
export class KpiFigure {
  readonly result = input.required<Pick<QueryResult, 'columns' | 'rows'>>();
  readonly options = input<ChartOptions>({});
  /** Of its result: a figure has no days that could be told apart. */
  readonly provisionalFrom = input<string | null>(null);
  protected readonly kpi = computed(() => kpiOf(this.result(), this.options()));
  protected readonly sentence = provisionalSentence;
}
