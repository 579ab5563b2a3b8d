/** How a model is refreshed and what its result must be: the form beside its query. */
import { Component, computed, input, model } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatOption, MatSelect } from '@angular/material/select';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { Guard, ModelIndex } from '@freshet/contracts';
import { guardNames, guardSentence } from './guard-words';
import { needsColumns, type ModelForm } from './model-form';

/** Guards that this form can write; others are shown and kept. */
const offered = ['unique', 'not_null', 'not_empty'] as const;

@Component({
  selector: 'fr-model-options',
  imports: [
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

  protected readonly kinds = offered.map((kind) => ({ kind, name: guardNames[kind] }));
  protected readonly guards = computed(() =>
    this.form().guards.map((guard) => ({
      guard,
      editable: offered.some((kind) => kind === guard.kind),
      needsColumns: needsColumns(guard),
      sentence: guardSentence(guard),
    })),
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

  protected setKind(at: number, kind: Guard['kind']): void {
    this.#setGuard(at, kind === 'not_empty' ? { kind, columns: undefined } : { kind });
  }

  protected setColumns(at: number, columns: string[]): void {
    this.#setGuard(at, { columns });
  }

  protected setSeverity(at: number, severity: Guard['severity']): void {
    this.#setGuard(at, { severity });
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

  #setGuard(at: number, change: Partial<Guard>): void {
    this.set({
      guards: this.form().guards.map((guard, place) => (place === at ? { ...guard, ...change } : guard)),
    });
  }
}
