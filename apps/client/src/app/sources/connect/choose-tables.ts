/** Which tables of a database become streams, chosen from what was found there. */
import { Component, computed, input, model } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { CountedPipe } from '../../time/number-pipes';
import { isSameTable, type FoundStream, type StreamEntry } from './stream-entry';

/** More are looked for by name. */
const shownAtOnce = 50;

@Component({
  selector: 'fr-choose-tables',
  imports: [MatCheckbox, MatFormField, MatInput, MatLabel, ReactiveFormsModule, CountedPipe],
  template: `
    <fieldset class="fr-choices">
      <legend>Tables</legend>
      @if (found().length > 10) {
        <mat-form-field>
          <mat-label>Find a table</mat-label>
          <input
            matInput
            type="search"
            [formControl]="search"
            autocomplete="off"
            spellcheck="false"
            (keydown.enter)="$event.preventDefault()"
          />
        </mat-form-field>
      }
      <div class="tables">
        @for (table of shown(); track table.name) {
          <mat-checkbox [checked]="isChosen(table)" (change)="toggle(table, $event.checked)">
            <span class="name">{{ table.name }}</span>
            <span class="words"
              >{{ table.columns.length | counted: 'column' }} · {{ table.description }}</span
            >
          </mat-checkbox>
        } @empty {
          <p>
            {{
              found().length
                ? 'No table has this in its name.'
                : 'No tables were found that this user may read.'
            }}
          </p>
        }
      </div>
      <p role="status">
        {{ count() }} of {{ found().length }} chosen.
        @if (matching().length > shown().length) {
          {{ matching().length - shown().length }} more are there: search by name.
        }
      </p>
    </fieldset>
  `,
  styles: `
    fieldset {
      display: grid;
      gap: 4px;
      min-width: 0;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      margin-bottom: 4px;
      padding: 0;
      font-size: 13px;
      color: var(--fr-ink-muted);
    }
    .tables {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr));
      gap: 0 16px;
      align-content: start;
      max-height: 420px;
      margin: 0 -4px;
      padding: 0 4px;
      overflow: auto;
      scrollbar-width: thin;
    }
    .name {
      display: block;
      font-weight: 500;
      line-height: 20px;
      overflow-wrap: anywhere;
    }
    .words,
    p {
      display: block;
      margin: 0;
      color: var(--fr-ink-muted);
      font-size: 13px;
    }
  `,
})
export class ChooseTables {
  readonly found = input.required<readonly FoundStream[]>();
  /** Entries that the source has already: a table chosen again is read as before. */
  readonly saved = input<readonly StreamEntry[]>([]);
  /** Entries of the config's `streams`. */
  readonly chosen = model.required<readonly StreamEntry[]>();

  protected readonly search = new FormControl('', { nonNullable: true });
  readonly #searched = toSignal(this.search.valueChanges, { initialValue: '' });
  protected readonly matching = computed(() => {
    const words = this.#searched().trim().toLowerCase();
    return this.found().filter(({ name, description }) =>
      `${name} ${description}`.toLowerCase().includes(words),
    );
  });
  protected readonly shown = computed(() => this.matching().slice(0, shownAtOnce));

  protected readonly count = computed(() => this.found().filter((table) => this.isChosen(table)).length);

  protected isChosen({ config }: FoundStream): boolean {
    return config !== null && this.chosen().some((each) => isSameTable(each, config));
  }

  protected toggle({ config }: FoundStream, on: boolean): void {
    if (config === null) return;
    const others = this.chosen().filter((each) => !isSameTable(each, config));
    const before = this.saved().find((each) => isSameTable(each, config));
    this.chosen.set(on ? [...others, before ?? config] : others);
  }
}
