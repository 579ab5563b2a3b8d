/** Asks before something that cannot be undone: says what will happen, and names the button for it. */
import { Component, Injectable, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialog,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

export interface Question {
  title: string;
  text: string;
  /** What goes, or breaks, line by line. */
  consequences?: readonly string[];
  /** The verb on the button. */
  confirm: string;
  danger?: boolean;
}

@Component({
  imports: [MatButton, MatDialogTitle, MatDialogContent, MatDialogActions, MatDialogClose],
  template: `
    <h2 mat-dialog-title>{{ question.title }}</h2>
    <mat-dialog-content>
      <p>{{ question.text }}</p>
      @if (question.consequences?.length) {
        <ul>
          @for (consequence of question.consequences; track $index) {
            <li>{{ consequence }}</li>
          }
        </ul>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false">Cancel</button>
      <button matButton="filled" type="button" [class.fr-danger]="question.danger" [mat-dialog-close]="true">
        {{ question.confirm }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    p {
      margin: 0 0 8px;
    }
    ul {
      margin: 0;
      padding-left: 20px;
    }
    li {
      overflow-wrap: anywhere;
    }
  `,
})
export class ConfirmDialog {
  protected readonly question = inject<Question>(MAT_DIALOG_DATA);
}

@Injectable({ providedIn: 'root' })
export class Confirm {
  readonly #dialog = inject(MatDialog);

  /** True once the person pressed the button named `confirm`. */
  async ask(question: Question): Promise<boolean> {
    const dialog = this.#dialog.open<ConfirmDialog, Question, boolean>(ConfirmDialog, {
      data: question,
      maxWidth: 'min(520px, calc(100vw - 32px))',
      role: 'alertdialog',
      autoFocus: 'first-tabbable',
    });
    return (await firstValueFrom(dialog.afterClosed())) ?? false;
  }
}
