/** Which tables and queries of a database a source reads: chosen among what was found there, or written. */
import { Component, booleanAttribute, computed, input, model } from '@angular/core';
import { ChooseTables } from './choose-tables';
import { StreamEntries } from './stream-entries';
import type { FoundStream, StreamEntry } from './stream-entry';

@Component({
  selector: 'fr-tables-step',
  imports: [ChooseTables, StreamEntries],
  template: `
    @if (settled().length > 0) {
      <p>Synced by the settings above: {{ settled().join(', ') }}.</p>
    }
    @if (found(); as tables) {
      <fr-choose-tables [found]="tables" [saved]="saved() ?? []" [(chosen)]="chosen" />
      @if (saved()) {
        <p class="legend" aria-hidden="true">Chosen</p>
      }
    }
    <fr-stream-entries [saved]="saved()" [readonly]="readonly()" [(chosen)]="chosen" [(open)]="open">
      <ng-content />
    </fr-stream-entries>
    @if (isEmpty()) {
      <p role="status">Choose at least one table, or add a query.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    p {
      margin: 0;
      color: var(--fr-ink-muted);
    }
    .legend {
      margin-bottom: -12px;
      font-size: 13px;
    }
  `,
})
export class TablesStep {
  /** What the database offers; null while nobody asked it. */
  readonly found = input.required<readonly FoundStream[] | null>();
  /** Streams that the settings name by themselves, such as those of a well-known dataset. */
  readonly settled = input<readonly string[]>([]);
  /** What the source reads already, so that changes show; null for a new one. */
  readonly saved = input<readonly StreamEntry[] | null>(null);
  readonly readonly = input(false, { transform: booleanAttribute });
  /** Whether somebody is writing a query, or changing how one is read. */
  readonly open = model(false);
  /** Entries of the config's `streams`. */
  readonly chosen = model.required<readonly StreamEntry[]>();

  protected readonly isEmpty = computed(
    () => this.found() !== null && this.chosen().length + this.settled().length === 0,
  );
}
