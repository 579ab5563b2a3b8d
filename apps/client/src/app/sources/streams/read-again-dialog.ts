/** Asks which past days to read again, or whether to begin anew, or to go through the archive. */
import { Component, computed, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog'; // prettier-ignore
import { MatError, MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatRadioButton, MatRadioGroup } from '@angular/material/radio';
import type { Source, StartSync } from '@freshet/contracts';

export type ReadAgain = Pick<StartSync, 'window' | 'full' | 'replay'>;
type Kind = 'window' | 'full' | 'replay';

const day = (daysAgo: number): string =>
  new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

@Component({
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    MatError,
    MatFormField,
    MatInput,
    MatLabel,
    MatRadioButton,
    MatRadioGroup,
    ReactiveFormsModule,
  ],
  template: `
    <h2 mat-dialog-title>Read again</h2>
    <mat-dialog-content>
      <mat-radio-group [value]="kind()" (change)="kind.set($event.value)" aria-label="What to read">
        @if (byDays) {
          <mat-radio-button value="window">Some days</mat-radio-button>
        }
        <mat-radio-button value="full">Everything, as if for the first time</mat-radio-button>
        @if (source.archives) {
          <mat-radio-button value="replay">The archive, without asking the vendor</mat-radio-button>
        }
      </mat-radio-group>
      @if (kind() === 'window') {
        <form [formGroup]="days" class="days">
          <mat-form-field>
            <mat-label>First day</mat-label>
            <input matInput type="date" formControlName="from" [max]="today" required />
            <mat-error>Choose a day.</mat-error>
          </mat-form-field>
          <mat-form-field>
            <mat-label>Last day</mat-label>
            <input matInput type="date" formControlName="to" [max]="today" required />
            <mat-error>Choose a day.</mat-error>
          </mat-form-field>
        </form>
        @if (isBackwards()) {
          <p role="alert">The last day is before the first one.</p>
        }
      }
      <p class="hint">Rows that did not change are not written, and nothing is read twice into a table.</p>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>Cancel</button>
      <button matButton="filled" type="button" (click)="ask()">Read again</button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-radio-group {
      display: grid;
    }
    .days {
      display: flex;
      flex-wrap: wrap;
      gap: 12px;
      margin-top: 12px;
    }
    .days > * {
      flex: 1 1 160px;
    }
    p {
      margin: 8px 0 0;
    }
    p[role='alert'] {
      color: var(--fr-ink-danger);
    }
    .hint {
      font-size: 13px;
    }
  `,
})
export class ReadAgainDialog {
  protected readonly source = inject<Source>(MAT_DIALOG_DATA);
  readonly #ref = inject<MatDialogRef<ReadAgainDialog, ReadAgain>>(MatDialogRef);
  protected readonly byDays = this.source.streams.some(({ cursor, enabled }) => cursor !== null && enabled);
  protected readonly kind = signal<Kind>(this.byDays ? 'window' : 'full');
  protected readonly today = day(0);
  protected readonly days = new FormGroup({
    from: new FormControl(day(30), { nonNullable: true, validators: [Validators.required] }),
    to: new FormControl(day(0), { nonNullable: true, validators: [Validators.required] }),
  });
  readonly #refused = signal(false);
  protected readonly isBackwards = computed(() => this.#refused());

  protected ask(): void {
    const window = this.days.getRawValue();
    if (this.kind() !== 'window')
      return this.#ref.close(this.kind() === 'full' ? { full: true } : { replay: true });
    this.days.markAllAsTouched();
    this.#refused.set(window.from > window.to);
    if (this.days.valid && window.from <= window.to) this.#ref.close({ window });
  }
}
