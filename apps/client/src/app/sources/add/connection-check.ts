/** The steps of a connection test, each with what it found in a sentence. */
import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { CheckResult } from '@freshet/contracts';

@Component({
  selector: 'fr-connection-check',
  imports: [MatIcon, MatProgressBar],
  template: `
    @if (running()) {
      <mat-progress-bar mode="indeterminate" aria-label="Testing the connection" />
    }
    @if (result(); as it) {
      <ol>
        @for (check of it.checks; track check.name) {
          <li [class.failed]="!check.ok">
            <mat-icon [svgIcon]="check.ok ? 'check-circle' : 'error'" aria-hidden="true" />
            <div>
              <strong>{{ check.name }}: {{ check.ok ? 'ok' : 'failed' }}</strong
              ><span>{{ check.message }}</span>
            </div>
          </li>
        }
      </ol>
    }
  `,
  styles: `
    ol {
      display: grid;
      gap: 10px;
      margin: 0;
      padding: 0;
      list-style: none;
      font-size: 14px;
    }
    li {
      display: flex;
      gap: 10px;
    }
    mat-icon {
      flex: none;
      width: 20px;
      height: 20px;
      color: var(--fr-ink-good);
    }
    .failed mat-icon,
    .failed strong {
      color: var(--fr-ink-danger);
    }
    div {
      display: grid;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    strong {
      font-weight: 500;
    }
    span {
      color: var(--fr-ink-muted);
    }
  `,
  host: { role: 'status' },
})
export class ConnectionCheck {
  readonly result = input.required<CheckResult | null>();
  readonly running = input(false);
}
