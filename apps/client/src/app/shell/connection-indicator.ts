/** Whether the page changes by itself just now. */
import { Component, computed, inject } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { LiveUpdates } from '../live/live-updates';

const words = {
  live: ['live', 'This page changes by itself as data arrives.'],
  connecting: ['connecting', 'Connecting for live changes.'],
  reconnecting: [
    'reconnecting',
    'The connection was lost. What is missed meanwhile is fetched once it is back.',
  ],
  off: ['', ''],
} as const;

@Component({
  selector: 'fr-connection',
  imports: [MatTooltip],
  template: `@if (word()) {
    <span class="state" [attr.data-state]="live.connection()" [matTooltip]="hint()"
      ><i aria-hidden="true"></i><span>{{ word() }}</span></span
    >
  }`,
  styleUrl: './connection-indicator.scss',
  host: { role: 'status', 'aria-label': 'Connection' },
})
export class ConnectionIndicator {
  protected readonly live = inject(LiveUpdates);
  protected readonly word = computed(() => words[this.live.connection()][0]);
  protected readonly hint = computed(() => words[this.live.connection()][1]);
}
