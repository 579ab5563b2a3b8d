/** Second step of adding a file: its address is tested, its columns are shown, then it is named, scheduled and synced. */
import { Component, ElementRef, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { Router } from '@angular/router';
import type { CheckResult, DiscoverResult } from '@freshet/contracts';
import { Api } from '../../api/api';
import { idempotencyKey } from '../../api/idempotency-key';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { Breadcrumb } from '../../breadcrumb/breadcrumb';
import { readyToSend, serverError, showFieldErrors, showMessage } from '../../forms/show-field-errors';
import { ProblemPanel } from '../../problem/problem-panel';
import { ScheduleField } from '../schedule/schedule-field';
import { ConnectionCheck } from './connection-check';
import { checkBody, createBody, fileForm, formats, modes, nameOfFile } from './file-form';
import { SampleTable } from './sample-table';
import { slugOf } from './slug';

@Component({
  imports: [
    Breadcrumb,
    ConnectionCheck,
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatIcon,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ProblemPanel,
    ReactiveFormsModule,
    SampleTable,
    ScheduleField,
  ],
  templateUrl: './add-file-page.html',
  styleUrl: './add-file-page.scss',
})
export class AddFilePage {
  readonly projectId = input.required<string>();
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly form = fileForm();
  protected readonly formats = formats;
  protected readonly modes = modes;
  protected readonly serverError = serverError;

  readonly #value = toSignal(this.form.valueChanges, { initialValue: this.form.value });
  /** What a test is of; a result counts only while this stays the same. */
  readonly #address = computed(() => {
    const { url, format, jsonPath } = this.#value();
    return JSON.stringify([url, format, jsonPath]);
  });
  protected readonly check = linkedSignal<string, CheckResult | null>({
    source: this.#address,
    computation: () => null,
  });
  protected readonly found = linkedSignal<string, DiscoverResult['streams'][number] | null>({
    source: this.#address,
    computation: () => null,
  });
  protected readonly problem = linkedSignal<string, ApiProblem | null>({
    source: this.#address,
    computation: () => null,
  });
  protected readonly tested = computed(() => this.check()?.ok === true);
  protected readonly columns = computed(() => this.found()?.columns.map((column) => column.name) ?? []);
  protected readonly json = computed(() => this.#value().format === 'json');
  protected readonly modeHint = computed(
    () => modes.find((mode) => mode.value === this.#value().mode)?.hint ?? '',
  );
  protected readonly testing = signal(false);
  protected readonly creating = signal(false);

  constructor() {
    const { name, slug } = this.form.controls;
    name.valueChanges.pipe(takeUntilDestroyed()).subscribe((value) => {
      if (!slug.dirty) slug.setValue(slugOf(value));
    });
  }

  protected async submit(): Promise<void> {
    if (this.tested()) await this.create();
    else await this.test();
  }

  protected async test(): Promise<void> {
    const { url, name } = this.form.controls;
    url.updateValueAndValidity();
    url.markAsTouched();
    if (url.invalid || this.testing()) return;
    const address = this.#address();
    this.testing.set(true);
    this.problem.set(null);
    try {
      const body = checkBody(this.form);
      const check = await this.#api.call('checkSource', { body });
      const found = check.ok ? await this.#api.call('discoverSource', { body }) : null;
      if (address !== this.#address()) return;
      this.check.set(check);
      this.found.set(found?.streams[0] ?? null);
      if (check.ok && !name.dirty && !name.value) name.setValue(nameOfFile(url.value));
    } catch (error) {
      if (address !== this.#address()) return;
      this.check.set(null);
      this.#show(toApiProblem(error));
    } finally {
      this.testing.set(false);
    }
  }

  protected async create(): Promise<void> {
    if (this.creating() || !readyToSend(this.form, this.#host)) return;
    this.creating.set(true);
    this.problem.set(null);
    try {
      const source = await this.#api.call('createSource', {
        params: { projectId: this.projectId() },
        body: createBody(this.form),
        idempotencyKey: idempotencyKey(),
      });
      await this.#router.navigate(['/p', this.projectId(), 'sources', source.id]);
    } catch (error) {
      this.#show(toApiProblem(error));
    } finally {
      this.creating.set(false);
    }
  }

  #show(problem: ApiProblem): void {
    const { url, jsonPath, name, slug, key, mode, format } = this.form.controls;
    const fields = {
      name,
      slug,
      'config.url': url,
      'config.format': format,
      'config.jsonPath': jsonPath,
      'config.key': key,
      'config.mode': mode,
    };
    if (problem.code === 'name_taken') showMessage(slug, problem.detail);
    else if (!showFieldErrors(problem, fields)) this.problem.set(problem);
  }
}
