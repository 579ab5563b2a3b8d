/** Two versions side by side: rows, what became of each column, and some of the rows themselves. */
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
import { VersionDifference } from './version-difference';

export interface Compared {
  modelId: string;
  name: string;
  from: number;
  to: number;
}

@Component({
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemPanel,
    Skeleton,
    VersionDifference,
  ],
  template: `
    <h2 mat-dialog-title>{{ compared.name }}: v{{ compared.from }} → v{{ compared.to }}</h2>
    <mat-dialog-content tabindex="0">
      @if (diff.problem(); as trouble) {
        <fr-problem [trouble]="trouble" [retry]="true" (again)="diff.reload()" />
      }
      @if (diff.value(); as found) {
        <fr-version-difference [diff]="found" />
      } @else if (diff.loading()) {
        <p role="status">Comparing both versions, row by row …</p>
        <fr-skeleton height="240px" />
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end"
      ><button matButton type="button" mat-dialog-close>Close</button></mat-dialog-actions
    >
  `,
})
export class VersionDiffDialog {
  protected readonly compared = inject<Compared>(MAT_DIALOG_DATA);
  protected readonly diff = apiResource('diffModelVersions', () => ({
    params: {
      id: this.compared.modelId,
      from: String(this.compared.from),
      to: String(this.compared.to),
    },
  }));
}
