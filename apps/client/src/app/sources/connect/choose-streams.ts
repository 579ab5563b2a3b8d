/** Which streams of a connector are synced: all of them at first. */
import { Component, input, model } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import type { ConnectorInfo } from '@freshet/contracts';

@Component({
  selector: 'fr-choose-streams',
  imports: [MatCheckbox],
  template: `
    <fieldset class="fr-choices">
      <legend>Streams</legend>
      @for (stream of streams(); track stream.name) {
        <mat-checkbox
          [checked]="chosen().includes(stream.name)"
          (change)="toggle(stream.name, $event.checked)"
        >
          <span class="name">{{ stream.name }}</span>
          <span class="words">{{ stream.description }}</span>
        </mat-checkbox>
      }
    </fieldset>
    @if (chosen().length === 0) {
      <p role="alert">Choose at least one stream.</p>
    }
  `,
  styles: `
    fieldset {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
      gap: 0 16px;
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
    .name {
      display: block;
      font-weight: 500;
      line-height: 20px;
    }
    .words {
      display: block;
      color: var(--fr-ink-muted);
      font-size: 13px;
      line-height: 1.35;
    }
    p {
      margin: 8px 0 0;
      color: var(--fr-ink-danger);
      font-size: 14px;
    }
  `,
})
export class ChooseStreams {
  readonly streams = input.required<ConnectorInfo['streams']>();
  readonly chosen = model.required<readonly string[]>();

  protected toggle(name: string, on: boolean): void {
    const others = this.chosen().filter((each) => each !== name);
    this.chosen.set(on ? [...others, name] : others);
  }
}
