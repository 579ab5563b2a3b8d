/** What of a new source is synced, what it is called, and when: the last step of connecting it. */
import { Component, computed, input, model } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import type { ConnectorInfo, Schedule } from '@freshet/contracts';
import { serverError } from '../../forms/show-field-errors';
import { slugPattern } from '../add/slug';
import { ScheduleField, ownTimeZone } from '../schedule/schedule-field';
import { ChooseStreams } from './choose-streams';
import { historyWindows } from './history-window';
import type { Tested } from './settings-step';
import { isSameTable, nameOf, type StreamEntry } from './stream-entry';
import { TablesStep } from './tables-step';

export const syncForm = () =>
  new FormGroup({
    name: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(100)],
    }),
    slug: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.pattern(slugPattern)],
    }),
    firstWindowDays: new FormControl(90, { nonNullable: true }),
    schedule: new FormControl<Schedule>(
      { kind: 'daily', at: '06:00', timeZone: ownTimeZone(), paused: false },
      { nonNullable: true },
    ),
  });
export type SyncForm = ReturnType<typeof syncForm>;

export const hasDays = (connector: ConnectorInfo | undefined): boolean =>
  connector?.streams.some(({ byDays }) => byDays) ?? false;

@Component({
  selector: 'fr-sync-step',
  imports: [
    ChooseStreams,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ReactiveFormsModule,
    ScheduleField,
    TablesStep,
  ],
  templateUrl: './sync-step.html',
  styleUrl: './sync-step.scss',
})
export class SyncStep {
  readonly connector = input.required<ConnectorInfo>();
  readonly form = input.required<SyncForm>();
  readonly found = input.required<Tested>();
  /** A database: its streams are tables that are chosen among what is there. */
  readonly hasTables = input.required<boolean>();
  readonly tables = model.required<readonly StreamEntry[]>();
  readonly streams = model.required<readonly string[]>();
  /** Whether somebody is writing a query. */
  readonly open = model(false);

  protected readonly windows = historyWindows;
  protected readonly serverError = serverError;
  protected readonly hasDays = computed(() => hasDays(this.connector()));
  protected readonly exampleTable = computed(() => {
    const [first] = this.tables();
    const { tables } = this.found();
    if (!first) return tables[0]?.name;
    return tables.find(({ config }) => config && isSameTable(config, first))?.name ?? nameOf(first);
  });
}
