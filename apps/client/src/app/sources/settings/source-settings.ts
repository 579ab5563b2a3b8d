/** What can be changed about a source: its name, address and schedule; and its end. */
import { Component, ElementRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { MatOption, MatSelect } from '@angular/material/select';
import type { Schedule, Source } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import { readyToSend, serverError, showFieldErrors } from '../../forms/show-field-errors';
import { ProblemPanel } from '../../problem/problem-panel';
import { Session } from '../../session/session';
import { Toasts } from '../../toasts/toasts';
import { schemaFields, typedOf, valueOf, type SchemaField } from '../connect/schema-fields';
import { fieldsForm, SchemaForm, type Choice, type FieldsForm } from '../connect/schema-form';
import { CurrentSource } from '../current-source';
import { ScheduleField } from '../schedule/schedule-field';
import { AccountSettings } from './account-settings';
import { DeleteSource } from './delete-source';

/** Tables of a database are chosen from what is there, not written as JSON. */
const isSet = ({ kind }: SchemaField): boolean => kind !== 'json';

const urlOf = (source: Source): string | null =>
  typeof source.config['url'] === 'string' ? source.config['url'] : null;

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
  ],
  templateUrl: './source-settings.html',
  styleUrl: './source-settings.scss',
})
export class SourceSettings {
  readonly projectId = input.required<string>();
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #router = inject(Router);
  readonly #deletion = inject(DeleteSource);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly serverError = serverError;

  protected readonly form = new FormGroup({
    name: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(100)],
    }),
    url: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.pattern(/^https?:\/\/\S+$/i)],
    }),
    schedule: new FormControl<Schedule>(
      { kind: 'manual', timeZone: 'UTC', paused: false },
      { nonNullable: true },
    ),
    newStreams: new FormControl<Source['newStreams']>('add', { nonNullable: true }),
    archives: new FormControl(false, { nonNullable: true }),
    config: new FormGroup<FieldsForm['controls']>({}),
  });
  readonly #connectors = apiResource('listConnectors', () =>
    this.current.source() && !this.hasUrl() ? { params: {} } : undefined,
  );
  protected readonly connector = computed(() =>
    this.#connectors.value()?.items.find(({ type }) => type === this.current.source()?.type),
  );
  protected readonly fields = computed(() =>
    schemaFields(this.connector()?.configSchema ?? null).filter(isSet),
  );
  /** What the vendor offers for the fields, where a connection says whose. */
  readonly #offered = signal<readonly Choice[]>([]);
  protected readonly choices = this.#offered.asReadonly();
  protected readonly hasUrl = computed(() => {
    const source = this.current.source();
    return source !== undefined && urlOf(source) !== null;
  });
  protected readonly busy = signal(false);
  protected readonly deleting = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  /** The revision the form was filled from: what `If-Match` says. */
  #revision = 0;

  constructor() {
    effect(() => {
      const source = this.current.source();
      // A live change must not overwrite what somebody is typing; saving then answers 412.
      if (source && !this.form.dirty && source.revision !== this.#revision)
        untracked(() => this.#fill(source));
    });
    effect(() => {
      const fields = this.fields();
      untracked(() => this.#showFields(fields));
    });
    if (!this.mayEdit()) this.form.disable();
  }

  #showFields(fields: readonly SchemaField[]): void {
    const source = this.current.source();
    if (!source || fields.length === 0) return;
    this.form.setControl('config', fieldsForm(fields));
    this.form.controls.config.reset(typedOf(fields, source.config));
    if (!this.mayEdit()) this.form.controls.config.disable();
    else if (source.connection?.status === 'active') void this.#offer(source, source.connection.id);
  }

  async #offer({ type, config }: Source, connectionId: string): Promise<void> {
    try {
      const { choices } = await this.#api.call('discoverSource', { body: { type, config, connectionId } });
      this.#offered.set(choices);
    } catch {
      // Without the vendor's list, values are typed.
    }
  }

  protected async save(): Promise<void> {
    const source = this.current.source();
    if (!source || this.busy() || !readyToSend(this.form, this.#host)) return;
    const { name, schedule, newStreams, archives } = this.form.getRawValue();
    const config = this.#changedConfig(source);
    this.busy.set(true);
    this.problem.set(null);
    try {
      const saved = await this.#api.call('updateSource', {
        params: { id: source.id },
        ifMatch: this.#revision,
        body: {
          name: name.trim(),
          schedule,
          ...(config && { config }),
          ...(this.connector() && { newStreams, archives }),
        },
      });
      this.#fill(saved);
      this.current.resource.set(saved);
      this.#toasts.show('Saved.');
    } catch (error) {
      this.#show(toApiProblem(error));
    } finally {
      this.busy.set(false);
    }
  }

  /** The whole config with what was typed; null when it is as it was. */
  #changedConfig(source: Source): Record<string, unknown> | null {
    const { url, config } = this.form.getRawValue();
    if (this.hasUrl()) return url.trim() === urlOf(source) ? null : { ...source.config, url: url.trim() };
    if (!this.form.controls.config.dirty) return null;
    const others = Object.entries(source.config).filter(
      ([name]) => !this.fields().some((field) => field.name === name),
    );
    return { ...Object.fromEntries(others), ...valueOf(this.fields(), config) };
  }

  /** Gives up what was typed for what is there now. */
  protected startOver(): void {
    const source = this.current.source();
    if (source) this.#fill(source);
    this.problem.set(null);
    this.current.resource.reload();
  }

  protected async delete(): Promise<void> {
    const source = this.current.source();
    if (!source || this.deleting()) return;
    this.deleting.set(true);
    try {
      if (!(await this.#deletion.ask(source))) return;
      await this.#router.navigate(['/p', this.projectId(), 'sources']);
      this.#toasts.show(`${source.name} was deleted.`);
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.deleting.set(false);
    }
  }

  #fill(source: Source): void {
    this.#revision = source.revision;
    const url = urlOf(source);
    const { name, schedule, newStreams, archives } = source;
    this.form.reset({
      ...{ name, schedule, newStreams, archives, url: url ?? '' },
      config: typedOf(this.fields(), source.config),
    });
    if (url === null) this.form.controls.url.disable();
  }

  #show(problem: ApiProblem): void {
    const { name, url, schedule, config } = this.form.controls;
    const fields = Object.fromEntries(
      Object.entries(config.controls).map(([field, control]) => [`config.${field}`, control]),
    );
    if (!showFieldErrors(problem, { name, 'config.url': url, schedule, ...fields }))
      this.problem.set(problem);
  }
}
