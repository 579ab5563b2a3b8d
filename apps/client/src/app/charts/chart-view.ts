/** A chart of any type over a result: the picture, or its rows as a table; and always the same values in words for those who don't see it. */
import { Component, computed, inject, input } from '@angular/core';
import type { Chart, QueryResult } from '@freshet/contracts';
import { Theme } from '../theme/theme';
import { formatCell } from './cell-format';
import { ChartCanvas } from './chart-canvas';
import { chartData } from './chart-data';
import { chartOption, isPlotted } from './chart-option';
import { chartSummary } from './chart-text';
import { DataTable } from './data-table';
import { KpiFigure } from './kpi-figure';
import { chartTheme } from './palette';
import { provisionalLabel, provisionalPlaces, provisionalSentence } from './provisional';

export type ChartSpec = Pick<Chart, 'title' | 'type' | 'options'>;

/** Rows in the table behind a picture; who wants all of them asks for the real table. */
const hiddenRows = 500;

@Component({
  selector: 'fr-chart-view',
  imports: [ChartCanvas, DataTable, KpiFigure],
  template: `
    @if (chart().type === 'kpi' && !asTable()) {
      <fr-kpi-figure
        [result]="result()"
        [options]="chart().options"
        [provisionalFrom]="result().provisionalFrom"
      />
    } @else if (option(); as option) {
      @if (plottable()) {
        <div class="picture" role="img" [attr.aria-label]="summary()">
          <fr-chart-canvas [option]="option" />
        </div>
        @if (provisional(); as words) {
          <p class="provisional" data-testid="provisional" [class.hatched]="isBars()">
            <span class="sample" aria-hidden="true"></span>{{ words }}
          </p>
        }
        <div class="fr-unseen">
          <table data-testid="chart-values">
            <caption>
              {{
                chart().title
              }}{{
                rest()
              }}
            </caption>
            <thead>
              <tr>
                @for (column of result().columns; track $index) {
                  <th scope="col" [textContent]="column.name"></th>
                }
              </tr>
            </thead>
            <tbody>
              @for (row of texts(); track $index) {
                <tr>
                  @for (text of row; track $index) {
                    <td [textContent]="text"></td>
                  }
                </tr>
              }
            </tbody>
          </table>
        </div>
      } @else {
        <p class="none">{{ nothing() }}</p>
      }
    } @else {
      <fr-data-table
        [caption]="chart().title"
        [columns]="result().columns"
        [rows]="result().rows"
        [format]="chart().options"
        [formatted]="chart().options.y ?? []"
      />
    }
  `,
  styleUrl: './chart-view.scss',
})
export class ChartView {
  readonly chart = input.required<ChartSpec>();
  readonly result = input.required<QueryResult>();
  readonly asTable = input(false);

  readonly #theme = inject(Theme);
  readonly #data = computed(() => chartData(this.result(), this.chart().options));

  protected readonly option = computed(() => {
    const { type, options } = this.chart();
    return isPlotted(type) && !this.asTable()
      ? chartOption(type, this.result(), options, chartTheme(this.#theme.dark()))
      : null;
  });
  protected readonly plottable = computed(
    () => this.#data().categories.length > 0 && this.#data().series.length > 0,
  );
  protected readonly nothing = computed(() =>
    this.result().rows.length === 0
      ? 'No rows'
      : 'The query gives no numeric column to draw. Choose one under “Values”, or show it as a table.',
  );
  readonly #provisionalFrom = computed(() => {
    const { provisionalFrom } = this.result();
    return provisionalPlaces(this.#data(), provisionalFrom) && this.chart().type !== 'pie'
      ? provisionalFrom
      : null;
  });
  /** What dashes and hatching mean; null where there are none. */
  protected readonly provisional = computed(() => {
    const from = this.#provisionalFrom();
    return from === null ? null : provisionalLabel(from);
  });
  protected readonly isBars = computed(() => !['line', 'area'].includes(this.chart().type));
  protected readonly summary = computed(() => {
    const { type, title, options } = this.chart();
    const from = this.#provisionalFrom();
    const words = chartSummary(type, title, this.#data(), options);
    return from === null ? words : `${words} ${provisionalSentence(from)}`;
  });
  protected readonly texts = computed(() => {
    const { columns, rows } = this.result();
    return rows.slice(0, hiddenRows).map((row) => columns.map((column, at) => formatCell(row[at], column)));
  });
  protected readonly rest = computed(() => {
    const count = this.result().rows.length;
    return count > hiddenRows ? `: the first ${String(hiddenRows)} of ${String(count)} rows` : '';
  });
}
