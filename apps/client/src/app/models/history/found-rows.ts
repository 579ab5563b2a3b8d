/** Some rows that a guard objected to, as a small table. */
import { Component, computed, input } from '@angular/core';
import type { Cell } from '@freshet/contracts';

@Component({
  selector: 'fr-found-rows',
  template: `
    <div class="scroll" tabindex="0" role="region" [attr.aria-label]="label()">
      <table>
        <thead>
          <tr>
            @for (column of columns(); track column) {
              <th scope="col">{{ column }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of cells(); track $index) {
            <tr>
              @for (cell of row; track $index) {
                <td>{{ cell }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
  styleUrl: '../dense-table.scss',
})
export class FoundRows {
  readonly rows = input.required<readonly Record<string, Cell>[]>();
  readonly label = input.required<string>();

  protected readonly columns = computed(() => [...new Set(this.rows().flatMap((row) => Object.keys(row)))]);
  protected readonly cells = computed(() =>
    this.rows().map((row) =>
      this.columns().map((column) => {
        const value = row[column];
        if (value === null || value === undefined) return 'null';
        return typeof value === 'object' ? JSON.stringify(value) : String(value);
      }),
    ),
  );
}
