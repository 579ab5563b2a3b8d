/** One chart while its dashboard is edited: what it shows, and how to change, move, resize or remove it. */
import { Component, computed, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import { ChartView } from '../charts/chart-view';
import { ProblemPanel } from '../problem/problem-panel';
import { heightChoices, widthChoices, type ChartDraft } from './chart-draft';

@Component({
  selector: 'fr-draft-card',
  imports: [ChartView, MatIcon, MatIconButton, MatTooltip, ProblemPanel],
  template: `
    <header>
      <h2>{{ draft().chart.title }}</h2>
      <button
        matIconButton
        type="button"
        [disabled]="first()"
        (click)="move.emit(-1)"
        [attr.aria-label]="'Move ' + title() + ' earlier'"
        matTooltip="Move earlier"
      >
        <mat-icon svgIcon="arrow-left" aria-hidden="true" />
      </button>
      <button
        matIconButton
        type="button"
        [disabled]="last()"
        (click)="move.emit(1)"
        [attr.aria-label]="'Move ' + title() + ' later'"
        matTooltip="Move later"
      >
        <mat-icon svgIcon="arrow-right" aria-hidden="true" />
      </button>
      <button
        matIconButton
        type="button"
        (click)="edit.emit()"
        [attr.aria-label]="'Edit ' + title()"
        matTooltip="Edit"
      >
        <mat-icon svgIcon="edit" aria-hidden="true" />
      </button>
      <button
        matIconButton
        type="button"
        (click)="remove.emit()"
        [attr.aria-label]="'Remove ' + title()"
        matTooltip="Remove"
      >
        <mat-icon svgIcon="delete" aria-hidden="true" />
      </button>
    </header>
    <div class="body">
      @if (draft().error; as error) {
        <fr-problem [trouble]="error" />
      } @else if (draft().result; as result) {
        <fr-chart-view [chart]="view()" [result]="result" />
      }
    </div>
    <footer>
      <label>
        <span class="fr-unseen">Width of {{ title() }}</span>
        <select
          [value]="draft().chart.layout.w"
          (change)="sizeChange.emit({ w: +$any($event.target).value })"
        >
          @for (choice of widths(); track choice.w) {
            <option [value]="choice.w" [selected]="choice.w === draft().chart.layout.w">
              {{ choice.name }}
            </option>
          }
        </select>
      </label>
      <label>
        <span class="fr-unseen">Height of {{ title() }}</span>
        <select
          [value]="draft().chart.layout.h"
          (change)="sizeChange.emit({ h: +$any($event.target).value })"
        >
          @for (choice of heights(); track choice.h) {
            <option [value]="choice.h" [selected]="choice.h === draft().chart.layout.h">
              {{ choice.name }}
            </option>
          }
        </select>
      </label>
    </footer>
  `,
  styleUrl: './draft-card.scss',
})
export class DraftCard {
  readonly draft = input.required<ChartDraft>();
  readonly first = input(false);
  readonly last = input(false);
  readonly edit = output();
  readonly remove = output();
  readonly move = output<-1 | 1>();
  readonly sizeChange = output<{ w?: number; h?: number }>();

  protected readonly title = computed(() => this.draft().chart.title);
  protected readonly view = computed(() => ({
    title: this.title(),
    type: this.draft().chart.type,
    options: this.draft().chart.options,
  }));
  protected readonly widths = computed(() => widthChoices(this.draft().chart.layout.w));
  protected readonly heights = computed(() => heightChoices(this.draft().chart.layout.h));
}
