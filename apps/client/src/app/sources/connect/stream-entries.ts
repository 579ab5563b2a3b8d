/** Queries of a database that become streams, and, where that is wanted, its chosen tables too: how each is read can be changed here. */
import {
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  booleanAttribute,
  computed,
  effect,
  inject,
  input,
  model,
  signal,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { EntryForm } from './entry-form';
import { entryChanges, howRead, isQuery, nameOf, type StreamEntry } from './stream-entry';

@Component({
  selector: 'fr-stream-entries',
  imports: [EntryForm, MatButton, MatIcon, MatIconButton],
  templateUrl: './stream-entries.html',
  styleUrl: './stream-entries.scss',
})
export class StreamEntries {
  /** Entries of the config's `streams`, tables and queries. */
  readonly chosen = model.required<readonly StreamEntry[]>();
  /** Those of a source that is there already; null for a new one. */
  readonly saved = input<readonly StreamEntry[] | null>(null);
  readonly readonly = input(false, { transform: booleanAttribute });
  /** Whether somebody is writing or changing one: what is typed there is not among `chosen` yet. */
  readonly open = model(false);

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #injector = inject(Injector);

  protected readonly withTables = computed(() => this.saved() !== null);
  protected readonly listed = computed(() =>
    this.withTables() ? this.chosen() : this.chosen().filter(isQuery),
  );
  protected readonly names = computed(() => this.chosen().map(nameOf));
  readonly #changes = computed(() => entryChanges(this.saved() ?? [], this.chosen()));
  protected readonly writing = signal(false);
  /** The name of the entry whose form is open. */
  protected readonly changing = signal<string | null>(null);
  protected readonly nameOf = nameOf;
  protected readonly howRead = howRead;
  protected readonly isQuery = isQuery;

  constructor() {
    effect(() => this.open.set(this.writing() || this.changing() !== null));
  }

  protected stateOf(entry: StreamEntry): string | null {
    if (!this.withTables()) return null;
    const { added, changed } = this.#changes();
    if (added.includes(nameOf(entry))) return 'new';
    return changed.includes(nameOf(entry)) ? 'changed' : null;
  }

  protected add(entry: StreamEntry): void {
    this.chosen.set([...this.chosen(), entry]);
    this.close();
  }

  protected replace(entry: StreamEntry, by: StreamEntry): void {
    this.chosen.set(this.chosen().map((each) => (each === entry ? by : each)));
    this.close();
  }

  protected remove(entry: StreamEntry): void {
    this.chosen.set(this.chosen().filter((each) => each !== entry));
    this.#focus(null);
  }

  /** The form goes, and who uses a keyboard is where they were before. */
  protected close(): void {
    const name = this.changing();
    this.changing.set(null);
    this.writing.set(false);
    this.#focus(name);
  }

  /** @param name of the entry whose button it is; null: the button that adds one */
  #focus(name: string | null): void {
    const focus = (): void => {
      const buttons = [...this.#host.querySelectorAll<HTMLElement>('[data-entry]')];
      (buttons.find(({ dataset }) => dataset['entry'] === name) ?? buttons.at(-1))?.focus();
    };
    afterNextRender({ read: focus }, { injector: this.#injector });
  }
}
