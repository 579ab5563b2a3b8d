/** One guard as fields: its kind, what that kind needs to know, and whether it blocks or only warns. */
import { Component, computed, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import type { Guard } from '@freshet/contracts';
import { guardNames, guardSentence } from './guard-words';
import { needsColumns } from './model-form';

const kinds = Object.entries(guardNames).map(([kind, name]) => ({ kind: kind as Guard['kind'], name }));

/** What a guard of a kind begins with; what the kind does not know is left behind. */
export const newGuard = (kind: Guard['kind'], { columns, severity }: Guard): Guard => ({
  kind,
  severity,
  ...(needsColumns({ kind, severity }) && { columns: columns ?? [] }),
  ...(kind === 'row_change' && { percent: 50 }),
});

const numberOf = (text: string): number | undefined => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || Number.isNaN(value) ? undefined : value;
};

@Component({
  selector: 'fr-guard-row',
  imports: [
    MatCheckbox,
    MatFormField,
    MatHint,
    MatIcon,
    MatIconButton,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
  ],
  templateUrl: './guard-row.html',
  styleUrl: './model-options.scss',
})
export class GuardRow {
  readonly guard = input.required<Guard>();
  /** Columns to choose from. */
  readonly columns = input.required<readonly string[]>();
  readonly changed = output<Guard>();
  readonly removed = output();

  protected readonly kinds = kinds;
  protected readonly needsColumns = computed(() => needsColumns(this.guard()));
  protected readonly sentence = computed(() => guardSentence(this.guard()));
  protected readonly values = computed(() => (this.guard().values ?? []).map(String).join(', '));

  protected setKind(kind: Guard['kind']): void {
    this.changed.emit(newGuard(kind, this.guard()));
  }

  protected set(change: Partial<Guard>): void {
    this.changed.emit({ ...this.guard(), ...change });
  }

  protected setBound(bound: 'min' | 'max' | 'percent', text: string): void {
    const { [bound]: _, ...rest } = this.guard();
    const value = numberOf(text);
    this.changed.emit(value === undefined ? rest : { ...rest, [bound]: value });
  }

  protected setValues(text: string): void {
    const values = text
      .split(',')
      .map((value) => value.trim())
      .filter(Boolean);
    this.set({ values });
  }
}
