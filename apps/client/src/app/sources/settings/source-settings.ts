/** What can be changed about a source: its name, address and schedule; and its end. */
import { Component, ElementRef, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import type { Schedule, Source } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { readyToSend, serverError, showFieldErrors } from '../../forms/show-field-errors';
import { ProblemPanel } from '../../problem/problem-panel';
import { Session } from '../../session/session';
import { Toasts } from '../../toasts/toasts';
import { CurrentSource } from '../current-source';
import { ScheduleField } from '../schedule/schedule-field';
import { DeleteSource } from './delete-source';

const urlOf = (source: Source): string | null =>
  typeof source.config['url'] === 'string' ? source.config['url'] : null;

@Component({
  imports: [
    MatButton,
    MatError,
    MatFormField,
    MatInput,
    MatLabel,
    ProblemPanel,
    ReactiveFormsModule,
    ScheduleField,
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
  });
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
    if (!this.mayEdit()) this.form.disable();
  }

  protected async save(): Promise<void> {
    const source = this.current.source();
    if (!source || this.busy() || !readyToSend(this.form, this.#host)) return;
    const { name, url, schedule } = this.form.getRawValue();
    const config =
      this.hasUrl() && url.trim() !== urlOf(source) ? { config: { ...source.config, url: url.trim() } } : {};
    this.busy.set(true);
    this.problem.set(null);
    try {
      const saved = await this.#api.call('updateSource', {
        params: { id: source.id },
        ifMatch: this.#revision,
        body: { name: name.trim(), schedule, ...config },
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
    this.form.reset({ name: source.name, url: url ?? '', schedule: source.schedule });
    if (url === null) this.form.controls.url.disable();
  }

  #show(problem: ApiProblem): void {
    const { name, url, schedule } = this.form.controls;
    if (!showFieldErrors(problem, { name, 'config.url': url, schedule })) this.problem.set(problem);
  }
}
