/** What can be changed about a source: its name, address or tables, and schedule; its account; and its end. */
import { Component, ElementRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { MatOption, MatSelect } from '@angular/material/select';
import type { Source } from '@freshet/contracts';
import { toApiProblem, type ApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import type { Editing } from '../../dashboards/keep-unsaved-changes';
import { readyToSend, serverError, showFieldErrors } from '../../forms/show-field-errors';
import { ProblemPanel, type Trouble } from '../../problem/problem-panel';
import { Session } from '../../session/session';
import { Toasts } from '../../toasts/toasts';
import { isTables, settingControls } from '../connect/connect-request';
import { schemaFields, typedOf, type SchemaField } from '../connect/schema-fields';
import { fieldsForm, SchemaForm, type Choice } from '../connect/schema-form';
import { areChanged, entriesOf, entryChanges, entryTrouble, unfinished, whatNext, type StreamEntry } from '../connect/stream-entry'; // prettier-ignore
import { CurrentSource } from '../current-source';
import { ScheduleField } from '../schedule/schedule-field';
import { AccountSettings } from './account-settings';
import { DeleteSource } from './delete-source';
import { SaveSource } from './save-source';
import { changedConfig, fillForm, settingsForm, shownFields, urlOf } from './settings-form';
import { TableSettings } from './table-settings';

@Component({
  imports: [
    AccountSettings,
    MatButton,
    MatError,
    MatFormField,
    MatInput,
    MatHint,
    MatLabel,
    MatOption,
    MatSelect,
    MatSlideToggle,
    ProblemPanel,
    ReactiveFormsModule,
    ScheduleField,
    SchemaForm,
    TableSettings,
  ],
  templateUrl: './source-settings.html',
  styleUrl: './source-settings.scss',
  host: { '(window:beforeunload)': 'beforeUnload($event)' },
})
export class SourceSettings implements Editing {
  readonly projectId = input.required<string>();
  readonly #toasts = inject(Toasts);
  readonly #router = inject(Router);
  readonly #saving = inject(SaveSource);
  readonly #deletion = inject(DeleteSource);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly serverError = serverError;

  protected readonly form = settingsForm();
  /** Tables and queries, as they are to be. */
  protected readonly entries = signal<readonly StreamEntry[]>([]);
  /** How one of them is read is being typed, and not among them yet. */
  protected readonly changingTable = signal(false);
  readonly #connectors = apiResource('listConnectors', () =>
    this.current.source() && !this.hasUrl() ? { params: {} } : undefined,
  );
  protected readonly connector = computed(() =>
    this.#connectors.value()?.items.find(({ type }) => type === this.current.source()?.type),
  );
  protected readonly fields = computed(() => shownFields(this.connector()?.configSchema ?? null));
  protected readonly hasTables = computed(() =>
    schemaFields(this.connector()?.configSchema ?? null).some(isTables),
  );
  /** What the vendor offers for the fields, where a connection says whose. */
  protected readonly choices = signal<readonly Choice[]>([]);
  protected readonly hasUrl = computed(() => {
    const source = this.current.source();
    return source !== undefined && urlOf(source) !== null;
  });
  protected readonly busy = signal(false);
  protected readonly deleting = signal(false);
  protected readonly problem = signal<Trouble | null>(null);
  protected readonly changedMeanwhile = signal(false);
  /** As it was when the form was filled: what is changed is changed of this, and its revision is what `If-Match` says. */
  #base: Source | null = null;
  readonly dirty = (): boolean =>
    this.form.dirty ||
    this.changingTable() ||
    (this.#base !== null && areChanged(entriesOf(this.#base.config), this.entries()));

  constructor() {
    effect(() => {
      const source = this.current.source();
      // A live change must not overwrite what somebody is typing; saving then answers 412.
      if (source && !untracked(this.dirty) && source.revision !== this.#base?.revision)
        untracked(() => this.#fill(source));
    });
    effect(() => {
      const fields = this.fields();
      untracked(() => this.#showFields(fields));
    });
    if (!this.mayEdit()) this.form.disable();
  }

  protected beforeUnload(event: BeforeUnloadEvent): void {
    if (this.dirty()) event.preventDefault();
  }

  #showFields(fields: readonly SchemaField[]): void {
    const source = this.current.source();
    if (!source || fields.length === 0) return;
    this.form.setControl('config', fieldsForm(fields));
    this.form.controls.config.reset(typedOf(fields, source.config));
    if (!this.mayEdit()) this.form.controls.config.disable();
    else if (source.connection?.status === 'active')
      void this.#saving.choicesOf(source).then((choices) => this.choices.set(choices));
  }

  protected async save(): Promise<void> {
    const base = this.#base;
    if (!base || this.busy() || !readyToSend(this.form, this.#host)) return;
    if (this.changingTable()) return this.problem.set(unfinished);
    const { name, schedule, newStreams, archives } = this.form.getRawValue();
    const entries = this.entries();
    const config = changedConfig(base, this.form, { fields: this.fields(), entries });
    const changes = entryChanges(entriesOf(base.config), entries);
    const isStopped = changes.removed.length > 0 && this.current.activeRun.value()?.status === 'running';
    this.busy.set(true);
    this.#show(null);
    try {
      const saved = await this.#saving.save(base.id, base.revision, {
        name: name.trim(),
        schedule,
        ...(config && { config }),
        ...(this.connector() && { newStreams, archives }),
      });
      if (!saved) return;
      this.#fill(saved);
      this.current.resource.set(saved);
      const isToRead = changes.added.length + changes.changed.length > 0 || isStopped;
      this.#toasts.show(
        whatNext(changes, isStopped),
        isToRead ? { label: 'Sync now', run: () => void this.current.syncNow() } : undefined,
      );
    } catch (error) {
      this.#show(toApiProblem(error));
    } finally {
      this.busy.set(false);
    }
  }

  /** Gives up what was typed for what is there now. */
  protected startOver(): void {
    const source = this.current.source();
    if (source) this.#fill(source);
    this.#show(null);
    this.current.resource.reload();
  }

  protected async delete(): Promise<void> {
    const source = this.current.source();
    if (!source || this.deleting()) return;
    this.deleting.set(true);
    try {
      if (!(await this.#deletion.ask(source))) return;
      // What was typed goes with it: nobody is asked about that.
      this.#fill(source);
      await this.#router.navigate(['/p', this.projectId(), 'sources']);
      this.#toasts.show(`${source.name} was deleted.`);
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.deleting.set(false);
    }
  }

  #fill(source: Source): void {
    this.#base = source;
    this.entries.set(entriesOf(source.config));
    fillForm(this.form, source, this.fields());
  }

  #show(problem: ApiProblem | null): void {
    this.changedMeanwhile.set(problem?.code === 'changed_meanwhile');
    if (!problem) return this.problem.set(null);
    const { name, url, schedule, config } = this.form.controls;
    const fields = { name, 'config.url': url, schedule, ...settingControls(config) };
    if (!showFieldErrors(problem, fields)) this.problem.set(entryTrouble(problem, this.entries()) ?? problem);
  }
}
