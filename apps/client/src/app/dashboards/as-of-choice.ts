/** Chooses the moment a dashboard is shown as of: now, a little ago, or a time one enters, in one's own zone (spec DB14). */
import { Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { CdkConnectedOverlay, CdkOverlayOrigin } from '@angular/cdk/overlay';
import { CdkTrapFocus } from '@angular/cdk/a11y';
import { Clock } from '../time/clock';
import { relativeTime } from '../time/describe-time';

const minutes = 60_000;
const quick = [
  { words: '10 min ago', back: 10 * minutes },
  { words: '1 h ago', back: 60 * minutes },
  { words: 'this time yesterday', back: 24 * 60 * minutes },
];

/** `2026-11-22T14:02`, as the field wants it, in the person's own zone. */
export const asFieldValue = (moment: Date): string =>
  new Date(moment.getTime() - moment.getTimezoneOffset() * minutes).toISOString().slice(0, 16);

@Component({
  selector: 'fr-as-of-choice',
  imports: [
    CdkConnectedOverlay,
    CdkOverlayOrigin,
    CdkTrapFocus,
    MatButton,
    MatFormField,
    MatHint,
    MatIcon,
    MatInput,
    MatLabel,
  ],
  template: `
    <button
      matButton="outlined"
      type="button"
      cdkOverlayOrigin
      #from="cdkOverlayOrigin"
      aria-haspopup="dialog"
      [attr.aria-expanded]="open()"
      (click)="open.set(true)"
    >
      <mat-icon svgIcon="history" aria-hidden="true" />{{ label() }}
    </button>
    <ng-template
      cdkConnectedOverlay
      [cdkConnectedOverlayOrigin]="from"
      [cdkConnectedOverlayOpen]="open()"
      cdkConnectedOverlayHasBackdrop
      cdkConnectedOverlayBackdropClass="cdk-overlay-transparent-backdrop"
      [cdkConnectedOverlayViewportMargin]="8"
      cdkConnectedOverlayPush
      (backdropClick)="open.set(false)"
      (detach)="open.set(false)"
    >
      <form
        role="dialog"
        aria-label="Show the dashboard as of"
        tabindex="-1"
        cdkTrapFocus
        cdkTrapFocusAutoCapture
        (submit)="choose(field.value); $event.preventDefault()"
      >
        <div class="quick">
          @for (each of quick; track each.words) {
            <button matButton type="button" (click)="goBack(each.back)">{{ each.words }}</button>
          }
        </div>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>Moment</mat-label>
          <input #field matInput type="datetime-local" [value]="entered()" [max]="latest()" />
          <mat-hint>In your own time zone, as far back as versions are kept.</mat-hint>
        </mat-form-field>
        <div class="buttons">
          <button matButton type="button" (click)="tell(null)">Now</button>
          <button matButton="filled" type="submit">Show</button>
        </div>
      </form>
    </ng-template>
  `,
  styles: `
    form {
      display: grid;
      gap: 12px;
      width: min(320px, calc(100vw - 16px));
      padding: 16px;
      border: 1px solid var(--fr-line);
      border-radius: 12px;
      background: var(--fr-raised);
    }
    .quick,
    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
    }
    .buttons {
      justify-content: flex-end;
    }
  `,
})
export class AsOfChoice {
  /** ISO 8601; null: now. */
  readonly asOf = input.required<string | null>();
  readonly chosen = output<string | null>();
  readonly #clock = inject(Clock);
  protected readonly quick = quick;
  protected readonly open = signal(false);

  protected readonly label = computed(() => {
    const moment = this.asOf();
    return moment === null ? 'As of now' : `As of ${relativeTime(moment, this.#clock.now())}`;
  });
  protected readonly entered = computed(() => asFieldValue(new Date(this.asOf() ?? this.#clock.now())));
  protected readonly latest = computed(() => asFieldValue(new Date(this.#clock.now())));

  protected goBack(milliseconds: number): void {
    this.tell(new Date(this.#clock.now() - milliseconds).toISOString());
  }

  protected choose(value: string): void {
    const moment = new Date(value);
    if (Number.isNaN(moment.getTime())) return;
    this.tell(moment.getTime() >= this.#clock.now() ? null : moment.toISOString());
  }

  protected tell(moment: string | null): void {
    this.open.set(false);
    this.chosen.emit(moment);
  }
}
