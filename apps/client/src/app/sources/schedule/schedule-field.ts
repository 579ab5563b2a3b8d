/** When a source syncs by itself, as a form field whose value is a Schedule. */
import { Component, computed, forwardRef, input, signal } from '@angular/core';
import { FormsModule, NG_VALIDATORS, NG_VALUE_ACCESSOR } from '@angular/forms';
import type { ControlValueAccessor, ValidationErrors, Validator } from '@angular/forms';
import { MatFormField, MatHint, MatLabel, MatSuffix } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { Schedule } from '@freshet/contracts';
import { describeSchedule } from './describe-schedule';

const presets = [15, 30, 60, 360, 1_440] as const;
const week = 7 * 1_440;
type Choice = 'manual' | 'other' | 'kept' | (typeof presets)[number];

/** The browser's IANA zone. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

@Component({
  selector: 'fr-schedule-field',
  imports: [
    FormsModule,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    MatSlideToggle,
    MatSuffix,
  ],
  template: `
    <div class="row">
      <mat-form-field>
        <mat-label>Sync</mat-label>
        <mat-select
          [ngModel]="choice()"
          (ngModelChange)="choose($event)"
          [ngModelOptions]="{ standalone: true }"
          [disabled]="disabled()"
        >
          @if (kept(); as schedule) {
            <mat-option value="kept">{{ words(schedule) }}</mat-option>
          }
          <mat-option value="manual">by hand only</mat-option>
          @for (minutes of presets; track minutes) {
            <mat-option [value]="minutes">{{
              words({ kind: 'interval', every: minutes, timeZone: zone, paused: false })
            }}</mat-option>
          }
          <mat-option value="other">every … minutes</mat-option>
        </mat-select>
        @if (choice() !== 'manual') {
          <mat-hint>Times are in {{ value().timeZone }}.</mat-hint>
        }
      </mat-form-field>
      @if (choice() === 'other') {
        <mat-form-field class="minutes">
          <mat-label>Every</mat-label>
          <input
            matInput
            type="number"
            inputmode="numeric"
            min="1"
            [max]="week"
            [ngModel]="minutes()"
            (ngModelChange)="setMinutes($event)"
            [ngModelOptions]="{ standalone: true }"
            [disabled]="disabled()"
            (blur)="touched()"
          />
          <span matTextSuffix>minutes</span>
          <mat-hint>1 to 10,080 (a week)</mat-hint>
        </mat-form-field>
      }
    </div>
    @if (mayPause() && choice() !== 'manual') {
      <mat-slide-toggle
        [ngModel]="value().paused"
        (ngModelChange)="pause($event)"
        [ngModelOptions]="{ standalone: true }"
        [disabled]="disabled()"
        >Paused</mat-slide-toggle
      >
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 12px;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: flex-start;
      gap: 12px;
    }
    mat-form-field {
      flex: 1 1 200px;
    }
  `,
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => ScheduleField), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => ScheduleField), multi: true },
  ],
})
export class ScheduleField implements ControlValueAccessor, Validator {
  /** Pausing makes sense for what runs already. */
  readonly mayPause = input(true);
  protected readonly presets = presets;
  protected readonly week = week;
  protected readonly zone = ownTimeZone();
  protected readonly words = describeSchedule;
  protected readonly value = signal<Schedule>({ kind: 'manual', timeZone: this.zone, paused: false });
  protected readonly choice = signal<Choice>('manual');
  /** A kind of schedule that this field shows but does not edit. */
  protected readonly kept = signal<Schedule | null>(null);
  protected readonly minutes = computed(() => this.value().every ?? null);
  protected readonly disabled = signal(false);
  #changed: (value: Schedule) => void = () => undefined;
  protected touched: () => void = () => undefined;

  writeValue(schedule: Schedule | null): void {
    const value = schedule ?? { kind: 'manual', timeZone: this.zone, paused: false };
    this.value.set(value);
    const preset = presets.find((minutes) => minutes === value.every);
    const editable = value.kind === 'manual' || value.kind === 'interval';
    this.kept.set(editable ? null : { ...value, paused: false });
    this.choice.set(value.kind === 'manual' ? 'manual' : !editable ? 'kept' : (preset ?? 'other'));
  }

  registerOnChange(changed: (value: Schedule) => void): void {
    this.#changed = changed;
  }

  registerOnTouched(touched: () => void): void {
    this.touched = touched;
  }

  setDisabledState(disabled: boolean): void {
    this.disabled.set(disabled);
  }

  validate(): ValidationErrors | null {
    const { kind, every } = this.value();
    if (kind !== 'interval') return null;
    return every !== undefined && Number.isInteger(every) && every >= 1 && every <= week
      ? null
      : { every: true };
  }

  protected choose(choice: Choice): void {
    this.choice.set(choice);
    const { timeZone, paused, every } = this.value();
    if (choice === 'manual') this.#set({ kind: 'manual', timeZone, paused: false });
    else if (choice === 'kept') this.#set({ ...(this.kept() ?? this.value()), paused });
    else
      this.#set({ kind: 'interval', every: choice === 'other' ? (every ?? 45) : choice, timeZone, paused });
  }

  protected setMinutes(minutes: number | null): void {
    this.#set({ ...this.value(), every: minutes ?? undefined });
  }

  protected pause(paused: boolean): void {
    this.#set({ ...this.value(), paused });
  }

  #set(schedule: Schedule): void {
    this.value.set(schedule);
    this.#changed(schedule);
    this.touched();
  }
}
