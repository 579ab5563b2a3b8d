/** Which tables and queries a database source reads: shown as they are, and offered anew when somebody wants to choose. */
import { Component, computed, inject, input, model, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { Source } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem, type ApiProblem } from '../../api/api-problem';
import { ProblemPanel } from '../../problem/problem-panel';
import { areChanged, entriesOf } from '../connect/stream-entry';
import type { FoundStream, StreamEntry } from '../connect/stream-entry';
import { TablesStep } from '../connect/tables-step';

@Component({
  selector: 'fr-table-settings',
  imports: [MatButton, MatIcon, MatProgressBar, ProblemPanel, TablesStep],
  template: `
    <h3 id="table-settings">Tables and queries</h3>
    <fr-tables-step
      [found]="found()"
      [settled]="settled()"
      [saved]="saved()"
      [readonly]="!mayEdit()"
      [(chosen)]="entries"
      [(open)]="open"
    >
      @if (!found()) {
        <button
          matButton="outlined"
          type="button"
          (click)="look()"
          [disabled]="looking()"
          disabledInteractive
        >
          <mat-icon svgIcon="table" aria-hidden="true" />{{ looking() ? 'Looking …' : 'Choose tables' }}
        </button>
      }
    </fr-tables-step>
    @if (looking()) {
      <mat-progress-bar mode="indeterminate" aria-label="Asking the source for its tables" />
    }
    @if (problem(); as trouble) {
      <fr-problem [trouble]="trouble" [retry]="true" (again)="look()" />
    }
    @if (isChanged()) {
      <div class="changed">
        <p role="status">Not saved yet.</p>
        <button matButton type="button" (click)="entries.set(saved())">
          <mat-icon svgIcon="undo" aria-hidden="true" />Undo these changes
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
    }
    h3 {
      margin: 8px 0 0;
      font-size: 15px;
      line-height: 20px;
    }
    .changed {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 8px;
    }
    p {
      margin: 0;
      color: var(--fr-ink-muted);
      font-size: 14px;
    }
  `,
  host: { role: 'group', 'aria-labelledby': 'table-settings' },
})
export class TableSettings {
  readonly source = input.required<Source>();
  readonly mayEdit = input.required<boolean>();
  /** Entries of the config's `streams`. */
  readonly entries = model.required<readonly StreamEntry[]>();
  /** Whether somebody is changing one of them. */
  readonly open = model(false);
  readonly #api = inject(Api);

  protected readonly saved = computed(() => entriesOf(this.source().config));
  protected readonly isChanged = computed(() => areChanged(this.saved(), this.entries()));
  protected readonly found = signal<readonly FoundStream[] | null>(null);
  /** Streams that other settings name. */
  protected readonly settled = signal<readonly string[]>([]);
  protected readonly looking = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  /** With nothing chosen, so that all are offered, and one that is gone there does not stand in the way. */
  protected async look(): Promise<void> {
    const { id: sourceId, type } = this.source();
    if (this.looking()) return;
    this.looking.set(true);
    this.problem.set(null);
    try {
      const body = { type, sourceId, config: { streams: [] } };
      const { streams } = await this.#api.call('discoverSource', { body });
      this.found.set(streams.filter(({ config }) => config !== null));
      this.settled.set(streams.filter(({ config }) => config === null).map(({ name }) => name));
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.looking.set(false);
    }
  }
}
