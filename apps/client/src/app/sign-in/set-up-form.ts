/** The first visitor of a new installation: an organization and its owner. */
import { Component, inject, output, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { Me } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ProblemPanel } from '../problem/problem-panel';

@Component({
  selector: 'fr-set-up-form',
  imports: [
    ReactiveFormsModule,
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    ProblemPanel,
  ],
  template: `
    <form [formGroup]="form" (ngSubmit)="submit()" class="fr-form" novalidate>
      @if (problem(); as trouble) {
        <fr-problem [trouble]="trouble" />
      }
      <mat-form-field>
        <mat-label>Organization</mat-label>
        <input matInput formControlName="organizationName" autocomplete="organization" required />
        <mat-error>Name your organization.</mat-error>
      </mat-form-field>
      <mat-form-field>
        <mat-label>Your name</mat-label>
        <input matInput formControlName="name" autocomplete="name" required />
        <mat-error>Enter your name.</mat-error>
      </mat-form-field>
      <mat-form-field>
        <mat-label>E-mail</mat-label>
        <input matInput type="email" formControlName="email" autocomplete="username" required />
        <mat-error>Enter an e-mail address.</mat-error>
      </mat-form-field>
      <mat-form-field>
        <mat-label>Password</mat-label>
        <input matInput type="password" formControlName="password" autocomplete="new-password" required />
        <mat-hint>At least 12 characters.</mat-hint>
        <mat-error>Use at least 12 characters.</mat-error>
      </mat-form-field>
      <button matButton="filled" type="submit" [disabled]="busy()" disabledInteractive>
        {{ busy() ? 'Creating …' : 'Create organization' }}
      </button>
    </form>
  `,
})
export class SetUpForm {
  readonly done = output<Me>();
  readonly #api = inject(Api);
  protected readonly form = inject(NonNullableFormBuilder).group({
    organizationName: ['', [Validators.required, Validators.maxLength(100)]],
    name: ['', [Validators.required, Validators.maxLength(100)]],
    email: ['', [Validators.required, Validators.email]],
    password: ['', [Validators.required, Validators.minLength(12)]],
  });
  protected readonly busy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  protected async submit(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid || this.busy()) return;
    this.busy.set(true);
    this.problem.set(null);
    try {
      this.done.emit(await this.#api.call('setUp', { body: this.form.getRawValue() }));
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.busy.set(false);
    }
  }
}
