/** One run in the history; on a phone a small card of labels and values. */
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { SyncRun } from '@freshet/contracts';
import { StatusBadge } from '../../status/status-badge';
import { runStatus } from '../../status/vocabulary';
import { Ago } from '../../time/ago';
import { Countdown } from '../../time/countdown';
import { Elapsed } from '../../time/elapsed';
import { CountPipe, CountedPipe } from '../../time/number-pipes';
import { RunningSyncs } from '../running-syncs';
import { CascadeOf } from './cascade-of';
import { describeRequest } from './describe-request';
import { RejectsDialog } from './rejects-dialog';

const by = {
  user: 'a person',
  schedule: 'schedule',
  webhook: 'webhook',
  api: 'API',
  smart: 'smart refresh',
} as const;

@Component({
  selector: 'tr[fr-run-row]',
  imports: [Ago, CascadeOf, Countdown, CountPipe, CountedPipe, Elapsed, MatButton, StatusBadge],
  templateUrl: './run-row.html',
  styleUrl: './run-row.scss',
})
export class RunRow {
  readonly run = input.required<SyncRun>();
  readonly projectId = input.required<string>();
  readonly #dialog = inject(MatDialog);
  readonly #running = inject(RunningSyncs);

  protected readonly status = computed(() => runStatus(this.run()));
  protected readonly by = computed(() => by[this.run().trigger]);
  protected readonly asked = computed(() => describeRequest(this.run().request));
  protected readonly heldWhy = computed(() =>
    this.run().streams.flatMap(({ name, heldWhy }) => (heldWhy ? [`${name}: ${heldWhy}`] : [])),
  );
  protected readonly counts = computed(() => {
    const { inserted, updated, unchanged, deleted } = this.run().records;
    return [
      { label: 'New', value: inserted },
      { label: 'Changed', value: updated },
      { label: 'Same', value: unchanged },
      { label: 'Gone', value: deleted },
    ];
  });
  /** Nothing to count before the end, or for a run that never got to its rows. */
  protected readonly counted = computed(() =>
    ['completed', 'failed', 'cancelled'].includes(this.run().status),
  );
  protected readonly unchanged = computed(() => {
    const { status, records } = this.run();
    return status === 'completed' && records.inserted + records.updated + records.deleted === 0;
  });
  protected readonly rows = computed(() => {
    const run = this.run();
    return this.#running.progressOf(run.id, run)?.rows ?? run.rowsRead;
  });

  protected showRejects(): void {
    this.#dialog.open(RejectsDialog, {
      data: this.run(),
      maxWidth: 'min(960px, calc(100vw - 32px))',
      autoFocus: 'first-heading',
    });
  }
}
