/** Puts what the server found wrong with a body at the fields it is about. */
import type { AbstractControl, FormGroup } from '@angular/forms';
import type { ApiProblem } from '../api/api-problem';

/** Shows what the server says about one control, until its value changes. */
export const showMessage = (control: AbstractControl, message: string): void => {
  control.setErrors({ server: message });
  control.markAsTouched();
};

/** `fields`: path in the body (`config.url`) → control. Returns whether every error found its field. */
export const showFieldErrors = (
  problem: ApiProblem,
  fields: Readonly<Record<string, AbstractControl>>,
): boolean => {
  const placed = problem.errors.map((error) => {
    const control = fields[error.path] ?? fields[error.path.split('.').slice(0, 2).join('.')];
    if (control) showMessage(control, error.message);
    return control !== undefined;
  });
  return placed.length > 0 && placed.every(Boolean);
};

/** The server's word on a control, until its value changes. */
export const serverError = (control: AbstractControl): string | null => {
  const message: unknown = control.getError('server');
  return typeof message === 'string' ? message : null;
};

/** Shows all that is wrong and moves to the first field of it; true when there is nothing. */
export const readyToSend = (form: FormGroup, host: HTMLElement): boolean => {
  form.markAllAsTouched();
  if (form.valid) return true;
  queueMicrotask(() =>
    host
      .querySelector<HTMLElement>(
        '.ng-invalid input, input.ng-invalid, textarea.ng-invalid, mat-select.ng-invalid',
      )
      ?.focus(),
  );
  return false;
};
