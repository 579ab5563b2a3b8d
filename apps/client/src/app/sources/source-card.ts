/** One source on the sources page: what it is, how fresh it is, what it is doing, and the way to manage it. */
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { Source } from '@freshet/contracts';
import { apiResource } from '../api/api-resource';
import { StatusBadge } from '../status/status-badge';
import { sourceStatus } from '../status/vocabulary';
import { Ago } from '../time/ago';
import { Countdown } from '../time/countdown';
import { CountedPipe, SharePipe } from '../time/number-pipes';
import { connectorIcon } from './connector-icon';
import { RunningSyncs } from './running-syncs';
import { describeSchedule } from './schedule/describe-schedule';

@Component({
  selector: 'fr-source-card',
  imports: [
    Ago,
    Countdown,
    CountedPipe,
    MatButton,
    MatIcon,
    MatProgressBar,
    RouterLink,
    SharePipe,
    StatusBadge,
  ],
  templateUrl: './source-card.html',
  styleUrl: './source-card.scss',
  host: { class: 'fr-card' },
})
export class SourceCard {
  readonly source = input.required<Source>();
  readonly #running = inject(RunningSyncs);

  protected readonly status = computed(() => sourceStatus(this.source()));
  protected readonly icon = computed(() => connectorIcon(this.source().type));
  protected readonly schedule = computed(() => describeSchedule(this.source().schedule));
  /** How far a run was when the page came to it; from then on the socket tells. */
  protected readonly run = apiResource('getSyncRun', () => {
    const id = this.source().activeRunId;
    return id === null ? undefined : { params: { id } };
  });
  protected readonly progress = computed(() => {
    const id = this.source().activeRunId;
    return id === null ? null : this.#running.progressOf(id, this.run.value());
  });
}
