/** The fields of a connector's JSON Schema as a form; what is chosen from the vendor's own list is a list here too. */
import { Component, input } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import type { AbstractControl, ValidationErrors, ValidatorFn } from '@angular/forms';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect, MatSelectTrigger } from '@angular/material/select';
import type { DiscoverResult } from '@freshet/contracts';
import { serverError } from '../../forms/show-field-errors';
import type { SchemaField } from './schema-fields';

export type FieldsForm = FormGroup<Record<string, FormControl<string | number | boolean>>>;
export type Choice = DiscoverResult['choices'][number];

const isJson = ({ value }: AbstractControl<unknown>): ValidationErrors | null => {
  if (typeof value !== 'string' || value.trim() === '') return null;
  try {
    JSON.parse(value);
    return null;
  } catch {
    return { json: true };
  }
};

const validatorsOf = ({ required, kind, min, max }: SchemaField): ValidatorFn[] => [
  ...(required ? [Validators.required] : []),
  ...(kind === 'json' ? [isJson] : []),
  ...(min === null ? [] : [Validators.min(min)]),
  ...(max === null ? [] : [Validators.max(max)]),
];

export const fieldsForm = (fields: readonly SchemaField[]): FieldsForm =>
  new FormGroup(
    Object.fromEntries(
      fields.map((field) => [
        field.name,
        new FormControl(field.initial, { nonNullable: true, validators: validatorsOf(field) }),
      ]),
    ),
  );

@Component({
  selector: 'fr-schema-form',
  imports: [
    MatCheckbox,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    MatSelectTrigger,
    ReactiveFormsModule,
  ],
  template: `
    @for (field of fields(); track field.name) {
      @if (control(field); as at) {
        @if (field.kind === 'flag') {
          <mat-checkbox [formControl]="at">{{ field.label }}</mat-checkbox>
        } @else {
          <mat-form-field>
            <mat-label>{{ field.label }}</mat-label>
            @if (choicesOf(field); as options) {
              <mat-select [formControl]="at" [required]="field.required">
                <mat-select-trigger>{{ labelOf(options, at.value) }}</mat-select-trigger>
                @for (option of options; track option.value) {
                  <mat-option [value]="option.value">
                    <span class="choice">{{ option.label }}</span>
                    @if (option.detail) {
                      <span class="detail">{{ option.detail }}</span>
                    }
                  </mat-option>
                }
              </mat-select>
            } @else if (field.kind === 'json') {
              <textarea
                matInput
                rows="5"
                [formControl]="at"
                spellcheck="false"
                [required]="field.required"
              ></textarea>
            } @else {
              <input
                matInput
                [type]="field.kind === 'secret' ? 'password' : field.kind === 'number' ? 'number' : 'text'"
                [formControl]="at"
                [required]="field.required"
                [autocomplete]="field.kind === 'secret' ? 'new-password' : 'off'"
                spellcheck="false"
              />
            }
            @if (field.hint) {
              <mat-hint>{{ field.hint }}</mat-hint>
            } @else if (field.kind === 'list') {
              <mat-hint>Separate several by commas.</mat-hint>
            }
            <mat-error>{{ message(field, at) }}</mat-error>
          </mat-form-field>
        }
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 16px;
      align-items: flex-start;
    }
    :host > * {
      flex: 1 1 240px;
      min-width: 0;
    }
    .choice,
    .detail {
      display: block;
      line-height: 20px;
      overflow-wrap: anywhere;
    }
    .detail {
      color: var(--fr-ink-muted);
      font-size: 13px;
    }
    mat-option {
      padding-block: 8px;
    }
    textarea {
      font-family: var(--fr-mono, ui-monospace, monospace);
      font-size: 13px;
    }
  `,
})
export class SchemaForm {
  readonly fields = input.required<readonly SchemaField[]>();
  readonly form = input.required<FieldsForm>();
  /** From the vendor, for some of the fields. */
  readonly choices = input<readonly Choice[]>([]);

  protected control({ name }: SchemaField): FormControl<string | number | boolean> | null {
    return this.form().controls[name] ?? null;
  }

  protected choicesOf({
    name,
    kind,
    values,
  }: SchemaField): readonly Pick<Choice, 'value' | 'label' | 'detail'>[] | null {
    const found = this.choices().filter((choice) => choice.field === name);
    if (found.length > 0) return found;
    return kind === 'choice' ? values.map((value) => ({ value, label: value, detail: '' })) : null;
  }

  protected labelOf(options: readonly Pick<Choice, 'value' | 'label'>[], value: unknown): string {
    return options.find((option) => option.value === value)?.label ?? String(value);
  }

  protected message(field: SchemaField, control: AbstractControl): string {
    const said = serverError(control);
    if (said !== null) return said;
    if (control.hasError('json')) return 'This is not JSON: check brackets, quotes and commas.';
    if (control.hasError('min') || control.hasError('max'))
      return `Enter a number from ${field.min ?? '…'} to ${field.max ?? '…'}.`;
    return this.choicesOf(field) ? 'Choose one.' : 'Enter a value.';
  }
}
