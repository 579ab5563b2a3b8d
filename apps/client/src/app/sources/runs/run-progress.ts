/** A sync while it runs: a bar where the total is known, the rows counted where not, how long it takes, and the way to stop it. */
import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { SyncRun } from '@freshet/contracts';
import { StatusBadge } from '../../status/status-badge';
import { runStatus } from '../../status/vocabulary';
import { Countdown } from '../../time/countdown';
import { Elapsed } from '../../time/elapsed';
import { CountedPipe, SharePipe } from '../../time/number-pipes';
import type { Progress } from '../running-syncs';

@Component({
  selector: 'fr-run-progress',
  imports: [Countdown, CountedPipe, Elapsed, MatButton, MatProgressBar, SharePipe, StatusBadge],
  templateUrl: './run-progress.html',
  styleUrl: './run-progress.scss',
  host: { role: 'region', 'aria-label': 'The sync under way', class: 'fr-card' },
})
export class RunProgress {
  /** Undefined until it has been read. */
  readonly run = input.required<SyncRun | undefined>();
  readonly progress = input.required<Progress | null>();
  readonly cancelling = input(false);
  readonly mayCancel = input(false);
  readonly stop = output();

  protected readonly status = computed(() => {
    const run = this.run();
    return run ? runStatus(run) : 'queued';
  });
  protected readonly share = computed(() => this.progress()?.progress ?? null);
}
