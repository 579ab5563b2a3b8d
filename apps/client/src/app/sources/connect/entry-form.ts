/** A query to be written, or how a table or query is read: what identifies a row, and by what one sees which are new. */
import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
} from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators, type ValidatorFn } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { emptyEntry, entryOf, isQuery, typedEntry, type StreamEntry } from './stream-entry';

const namePattern = /^[a-z][a-z0-9_]{0,62}$/;
const text = (...validators: ValidatorFn[]): FormControl<string> =>
  new FormControl('', { nonNullable: true, validators });

/** Not a form of its own, since it stands within one. */
@Component({
  selector: 'fr-entry-form',
  imports: [
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ReactiveFormsModule,
  ],
  templateUrl: './entry-form.html',
  styleUrl: './entry-form.scss',
})
export class EntryForm {
  /** The entry to change; null for a new query. */
  readonly before = input.required<StreamEntry | null>();
  /** Names of other streams of the source. */
  readonly names = input.required<readonly string[]>();
  /** Its rows may be here already. */
  readonly isSynced = input(false);
  readonly done = output<StreamEntry>();
  readonly cancelled = output();

  protected readonly form = new FormGroup({
    name: text(Validators.required, Validators.pattern(namePattern)),
    query: text(Validators.required),
    key: text(),
    cursor: text(),
    mode: text(),
  });
  protected readonly isQuery = computed(() => {
    const before = this.before();
    return before === null || isQuery(before);
  });
  protected readonly taken = signal(false);

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    // The button that opened it is gone.
    afterNextRender(() => host.querySelector<HTMLElement>('input, textarea')?.focus());
    effect(() => {
      const before = this.before();
      untracked(() => this.form.reset(before ? typedEntry(before) : emptyEntry));
    });
  }

  protected finish(): void {
    const { name, query, key, cursor, mode } = this.form.controls;
    this.form.markAllAsTouched();
    this.taken.set(this.before() === null && this.names().includes(name.value));
    // A table's name is not typed here, and may be any; that of a query that is there stays.
    const typed = this.before() === null ? [name, query] : this.isQuery() ? [query] : [];
    if (this.taken() || [...typed, key, cursor, mode].some(({ invalid }) => invalid)) return;
    this.done.emit(entryOf(this.form.getRawValue(), this.before()));
  }

  /** Enter in a field means this entry, not the whole source around it. */
  protected enter(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.finish();
  }
}
