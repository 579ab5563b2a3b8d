/** Short notes at the edge of the screen that do not pile up: one at a time, the newest wins, the same thing twice is one. */
import { Injectable, inject } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ApiProblem } from '../api/api-problem';

export interface ToastAction {
  label: string;
  run: () => void;
}

@Injectable({ providedIn: 'root' })
export class Toasts {
  readonly #snackBar = inject(MatSnackBar);

  show(message: string, action?: ToastAction): void {
    const shown = this.#snackBar.open(message, action?.label ?? 'Close', {
      duration: action ? 10_000 : 5_000,
      politeness: 'polite',
    });
    shown.onAction().subscribe(() => action?.run());
  }

  /** A failure that has no better place on the page; stays until closed. */
  problem(problem: Pick<ApiProblem, 'detail' | 'action'>): void {
    const message = problem.action ? `${problem.detail} ${problem.action}` : problem.detail;
    this.#snackBar.open(message, 'Close', { duration: 0, politeness: 'assertive' });
  }
}
