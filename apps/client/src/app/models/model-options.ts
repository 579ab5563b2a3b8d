/** How a model is refreshed and what its result must be: the form beside its query. */
import { Component, computed, input, model } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatOption, MatSelect } from '@angular/material/select';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { Guard, ModelIndex } from '@freshet/contracts';
import { GuardRow } from './guard-row';
import type { ModelForm } from './model-form';

@Component({
  selector: 'fr-model-options',
  imports: [
    GuardRow,
    MatButton,
    MatCheckbox,
    MatFormField,
    MatIcon,
    MatIconButton,
    MatLabel,
    MatOption,
    MatSelect,
    MatSlideToggle,
  ],
  templateUrl: './model-options.html',
  styleUrl: './model-options.scss',
})
export class ModelOptions {
  readonly form = model.required<ModelForm>();
  /** Columns of the latest preview or build. */
  readonly columns = input<readonly string[]>([]);

  /** The usual numbers, and the one that is set. */
  protected readonly keeps = computed(() =>
    [...new Set([1, 3, 5, 10, 30, 100, this.form().keepVersions])].sort((a, b) => a - b),
  );

  protected set(change: Partial<ModelForm>): void {
    this.form.update((form) => ({ ...form, ...change }));
  }

  /** What can be chosen: the known columns, and those chosen before. */
  protected choices(chosen: readonly string[] | undefined): string[] {
    return [...new Set([...this.columns(), ...(chosen ?? [])])];
  }

  protected addGuard(): void {
    this.set({ guards: [...this.form().guards, { kind: 'unique', columns: [], severity: 'block' }] });
  }

  protected setGuard(at: number, guard: Guard): void {
    this.set({ guards: this.form().guards.map((each, place) => (place === at ? guard : each)) });
  }

  protected removeGuard(at: number): void {
    this.set({ guards: this.form().guards.filter((_, index) => index !== at) });
  }

  protected addIndex(): void {
    this.set({ indexes: [...this.form().indexes, { columns: [], unique: false }] });
  }

  protected setIndex(at: number, change: Partial<ModelIndex>): void {
    this.set({
      indexes: this.form().indexes.map((index, place) => (place === at ? { ...index, ...change } : index)),
    });
  }

  protected removeIndex(at: number): void {
    this.set({ indexes: this.form().indexes.filter((_, index) => index !== at) });
  }
}
