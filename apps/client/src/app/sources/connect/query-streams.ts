/** Queries of a database that become streams beside its tables: written here, with what identifies a row and by what one sees which are new. */
import { Component, computed, model, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators, type ValidatorFn } from '@angular/forms';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';

type Entry = Readonly<Record<string, unknown>>;

const namePattern = /^[a-z][a-z0-9_]{0,62}$/;
const text = (...validators: ValidatorFn[]): FormControl<string> =>
  new FormControl('', { nonNullable: true, validators });

@Component({
  selector: 'fr-query-streams',
  imports: [
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatIcon,
    MatIconButton,
    MatInput,
    MatLabel,
    ReactiveFormsModule,
  ],
  templateUrl: './query-streams.html',
  styleUrl: './query-streams.scss',
})
export class QueryStreams {
  /** Entries of the config's `streams`, tables and queries. */
  readonly chosen = model.required<readonly Entry[]>();

  protected readonly queries = computed(() => this.chosen().filter(({ query }) => typeof query === 'string'));
  protected readonly writing = signal(false);
  protected readonly form = new FormGroup({
    name: text(Validators.required, Validators.pattern(namePattern)),
    query: text(Validators.required),
    key: text(),
    cursor: text(),
  });
  protected readonly taken = signal(false);

  /** Not a form of its own, since it stands within one. */
  protected add(): void {
    const { name, query, key, cursor } = this.form.getRawValue();
    this.form.markAllAsTouched();
    this.taken.set(this.chosen().some((entry) => entry['name'] === name));
    if (this.form.invalid || this.taken()) return;
    const columns = key.split(',').map((column) => column.trim());
    const entry = { name, query: query.trim(), key: columns.filter(Boolean) };
    this.chosen.set([...this.chosen(), cursor.trim() ? { ...entry, cursor: cursor.trim() } : entry]);
    this.form.reset();
    this.writing.set(false);
  }

  /** Enter in a field means this query, not the whole source around it. */
  protected enter(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.add();
  }

  protected remove(entry: Entry): void {
    this.chosen.set(this.chosen().filter((each) => each !== entry));
  }
}
