/** A form for one more workspace, for those who may create one. */
import { Component, inject, input, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { idempotencyKey } from '../api/idempotency-key';
import { serverError, showFieldErrors, showMessage } from '../forms/show-field-errors';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { pageIn } from './to-workspace';

@Component({
  selector: 'fr-new-workspace',
  imports: [MatButton, MatError, MatFormField, MatInput, MatLabel, ProblemPanel, ReactiveFormsModule],
  template: `
    <form [formGroup]="form" (ngSubmit)="create()" class="fr-form" novalidate>
      <mat-form-field>
        <mat-label>Name of a new workspace</mat-label>
        <input matInput formControlName="name" autocomplete="off" maxlength="100" required />
        <mat-error>{{ serverError(form.controls.name) ?? 'Give it a name.' }}</mat-error>
      </mat-form-field>
      <button matButton="outlined" type="submit" [disabled]="busy()" disabledInteractive>
        {{ busy() ? 'Creating …' : 'Create workspace' }}
      </button>
    </form>
    @if (problem(); as trouble) {
      <fr-problem [trouble]="trouble" />
    }
  `,
  styles: `
    form {
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: start;
    }
    button {
      height: 56px;
    }
    fr-problem {
      margin-top: 12px;
    }
    @media (max-width: 559px) {
      form {
        grid-template-columns: minmax(0, 1fr);
      }
      button {
        height: 44px;
      }
    }
  `,
})
export class NewWorkspace {
  /** The page asked for, without its project. */
  readonly then = input<string>();
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #router = inject(Router);

  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', [Validators.required, Validators.maxLength(100)]],
  });
  protected readonly serverError = serverError;
  protected readonly busy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  protected async create(): Promise<void> {
    const { name } = this.form.controls;
    this.form.markAllAsTouched();
    if (this.form.invalid || this.busy()) return;
    this.busy.set(true);
    this.problem.set(null);
    try {
      const project = await this.#api.call('createProject', {
        body: { name: name.value.trim() },
        idempotencyKey: idempotencyKey(),
      });
      await this.#session.reload();
      await this.#router.navigateByUrl(pageIn(project.id, this.then()));
    } catch (error) {
      const problem = toApiProblem(error);
      if (problem.code === 'name_taken') showMessage(name, problem.detail);
      else if (!showFieldErrors(problem, { name })) this.problem.set(problem);
    } finally {
      this.busy.set(false);
    }
  }
}
