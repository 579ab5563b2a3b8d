/** The columns that were found, with their types and the first rows, as they will be in the table. */
import { Component, computed, input } from '@angular/core';
import type { DiscoverResult } from '@freshet/contracts';
import { columnKind, isNumeric } from '../../charts/column-kind';

type Stream = DiscoverResult['streams'][number];

const show = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean);

@Component({
  selector: 'fr-sample-table',
  template: `
    <div class="scroll" tabindex="0" role="region" [attr.aria-label]="'Sample rows of ' + name()">
      <table>
        <thead>
          <tr>
            @for (column of heads(); track column.name) {
              <th scope="col" [class.number]="column.numeric">
                {{ column.name }}<code>{{ column.type }}</code>
              </th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of cells(); track $index) {
            <tr>
              @for (cell of row; track $index) {
                <td [class.number]="heads()[$index]?.numeric">{{ cell }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
  styles: `
    :host {
      display: block;
    }
    .scroll {
      overflow-x: auto;
      border-radius: 0 0 12px 12px;
    }
    table {
      min-width: 100%;
      border-collapse: collapse;
    }
    th,
    td {
      padding: 8px 16px;
      border-top: 1px solid var(--fr-line);
      text-align: left;
      white-space: nowrap;
    }
    th:first-child,
    td:first-child {
      padding-left: 20px;
    }
    td {
      max-width: 320px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    th {
      font-weight: 500;
    }
    th code {
      display: block;
      color: var(--fr-ink-muted);
      font-size: 12px;
      font-weight: 400;
    }
    .number {
      text-align: right;
    }
  `,
})
export class SampleTable {
  readonly columns = input.required<Stream['columns']>();
  readonly rows = input.required<Stream['sample']>();
  readonly name = input.required<string>();

  protected readonly heads = computed(() =>
    this.columns().map((column) => ({ ...column, numeric: isNumeric(columnKind(column.type)) })),
  );
  protected readonly cells = computed(() =>
    this.rows()
      .slice(0, 10)
      .map((row) => row.map(show)),
  );
}
