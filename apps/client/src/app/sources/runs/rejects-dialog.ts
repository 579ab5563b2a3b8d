/** The rows of a run that could not be loaded, and why. */
import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { apiResource } from '../../api/api-resource';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { CountPipe } from '../../time/number-pipes';

@Component({
  imports: [
    CountPipe,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemPanel,
    Skeleton,
  ],
  template: `
    <h2 mat-dialog-title>Rejected rows</h2>
    <mat-dialog-content tabindex="0">
      <p>These rows could not be loaded; all others were.</p>
      @if (rejects.problem(); as trouble) {
        <fr-problem [trouble]="trouble" [retry]="true" (again)="rejects.reload()" />
      }
      @if (rejects.loading()) {
        <fr-skeleton height="120px" />
      }
      <ul>
        @for (reject of rejects.value()?.items; track $index) {
          <li>
            <strong>{{ reject.reason }}</strong>
            <span>{{ reject.stream }}, row {{ reject.row | count }}</span>
            <code>{{ reject.raw }}</code>
          </li>
        }
      </ul>
      @if (rejects.value()?.nextCursor) {
        <p>The first {{ rejects.value()?.items?.length }} are shown.</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end"
      ><button matButton type="button" mat-dialog-close>Close</button></mat-dialog-actions
    >
  `,
  styles: `
    p {
      margin: 0 0 12px;
    }
    ul {
      display: grid;
      gap: 12px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      gap: 2px;
      overflow-wrap: anywhere;
    }
    strong {
      font-weight: 500;
      color: var(--fr-ink);
    }
    span {
      font-size: 13px;
    }
    code {
      padding: 6px 8px;
      border-radius: 6px;
      background: var(--fr-tint-quiet);
      color: var(--fr-ink);
    }
  `,
})
export class RejectsDialog {
  readonly #runId = inject<string>(MAT_DIALOG_DATA);
  protected readonly rejects = apiResource('listRejects', () => ({
    params: { id: this.#runId },
    query: { limit: 100 },
  }));
}
