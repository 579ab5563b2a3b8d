/** When readers do not see the newest build: which version they see, why, and how that ends. */
import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { Model } from '@freshet/contracts';
import { Session } from '../session/session';
import { exactTime } from '../time/describe-time';
import { VersionChanges } from './versions/version-changes';

@Component({
  selector: 'fr-version-state',
  imports: [MatButton, MatIcon],
  template: `
    @if (sentence(); as words) {
      <div class="note" data-testid="version-state">
        <mat-icon svgIcon="pause" aria-hidden="true" />
        <p>{{ words }}</p>
        @if (model().pinned && session.mayEdit()) {
          <button matButton="outlined" type="button" (click)="release()" [disabled]="changes.busy()">
            Release
          </button>
        }
      </div>
    }
  `,
  styles: `
    .note {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      margin-bottom: 16px;
      padding: 8px 16px;
      border-radius: 12px;
      background: var(--fr-tint-warn);
      color: var(--fr-ink-warn);
    }
    p {
      flex: 1 1 240px;
      margin: 0;
    }
  `,
})
export class VersionState {
  readonly model = input.required<Model>();
  readonly changed = output<Model>();
  protected readonly session = inject(Session);
  protected readonly changes = inject(VersionChanges);

  protected readonly sentence = computed(() => {
    const { pinned, version, mode, shadowUntil, candidateVersion } = this.model();
    if (pinned) return `A rollback holds v${version ?? '?'}. New builds are kept aside until it is released.`;
    if (mode === 'shadow')
      return shadowUntil === null
        ? 'Shadow mode: builds are compared with what is shown, and kept aside until you publish one.'
        : `Shadow mode until ${exactTime(shadowUntil)}: builds are compared with what is shown, and kept aside.`;
    if (candidateVersion !== null)
      return `v${candidateVersion} is built and waits for the other models of its set; they are published together.`;
    return null;
  });

  protected async release(): Promise<void> {
    const model = await this.changes.release(this.model());
    if (model) this.changed.emit(model);
  }
}
