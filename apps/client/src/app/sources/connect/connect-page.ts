/** Connects a source of any vendor, step by step: whose account, what of it, does it work, and then its name and schedule. */
import {
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { Router, RouterLink } from '@angular/router';
import type { CheckResult, DiscoverResult, Schedule } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import { idempotencyKey } from '../../api/idempotency-key';
import { Breadcrumb } from '../../breadcrumb/breadcrumb';
import { EmptyState } from '../../empty-state/empty-state';
import { readyToSend, serverError, showFieldErrors, showMessage } from '../../forms/show-field-errors';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { slugOf, slugPattern, suggestedSlug } from '../add/slug';
import { ConnectionCheck } from '../add/connection-check';
import { ScheduleField, ownTimeZone } from '../schedule/schedule-field';
import { AccountStep, type GivenAccount } from './account-step';
import { ChooseStreams } from './choose-streams';
import { ChooseTables } from './choose-tables';
import { historyWindows } from './history-window';
import { ConnectDraft } from './connect-draft';
import { QueryStreams } from './query-streams';
import { refusalOf } from './refusal';
import { schemaFields, valueOf, type SchemaField } from './schema-fields';
import { fieldsForm, SchemaForm, type Choice } from './schema-form';

type Found = DiscoverResult['streams'][number];

const isTables = ({ name, kind }: SchemaField): boolean => name === 'streams' && kind === 'json';

@Component({
  imports: [
    AccountStep,
    Breadcrumb,
    ChooseStreams,
    ChooseTables,
    ConnectionCheck,
    EmptyState,
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
    QueryStreams,
    ReactiveFormsModule,
    RouterLink,
    ScheduleField,
    SchemaForm,
    Skeleton,
  ],
  templateUrl: './connect-page.html',
  styleUrls: ['../add/add-file-page.scss', './connect-page.scss'],
})
export class ConnectPage {
  readonly projectId = input.required<string>();
  readonly type = input.required<string>();
  /** From the way back of a consent. */
  readonly connection = input<string>();
  readonly refused = input<string>();
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly #connectors = apiResource('listConnectors', () => ({ params: {} }));
  protected readonly loading = this.#connectors.loading;
  protected readonly unreachable = this.#connectors.problem;
  readonly #drafts = inject(ConnectDraft);
  /** The account that was chosen before the person left for consent. */
  readonly #chosenBefore = signal<string | null>(null);
  protected readonly chosenFirst = computed(() => this.connection() ?? this.#chosenBefore());
  protected readonly connector = computed(() =>
    this.#connectors.value()?.items.find(({ type }) => type === this.type()),
  );
  protected readonly refusal = computed(() => refusalOf(this.refused()));
  protected readonly windows = historyWindows;
  protected readonly serverError = serverError;

  /** Step 1; null until there is an account. */
  protected readonly account = signal<GivenAccount | null>(null);

  /** Step 2: what the vendor offers, and the settings. */
  readonly #schema = computed(() => schemaFields(this.connector()?.configSchema ?? null));
  /** A database: its streams are tables that are chosen among what is there. */
  protected readonly hasTables = computed(() => this.#schema().some(isTables));
  protected readonly fields = computed(() => this.#schema().filter((field) => !isTables(field)));
  protected readonly tables = signal<readonly Found[]>([]);
  /** Streams that the settings name by themselves, such as those of a well-known dataset. */
  protected readonly settledStreams = signal<readonly string[]>([]);
  protected readonly chosenTables = signal<readonly Readonly<Record<string, unknown>>[]>([]);
  protected readonly exampleTable = computed(() => {
    const [first] = this.chosenTables();
    const found = this.tables().find(({ config }) => JSON.stringify(config) === JSON.stringify(first));
    return found?.name ?? (typeof first?.['name'] === 'string' ? first['name'] : this.tables()[0]?.name);
  });
  protected readonly settings = linkedSignal(() => fieldsForm(this.fields()));
  protected readonly choices = signal<readonly Choice[]>([]);
  protected readonly looking = signal(false);

  /** Step 3. */
  protected readonly check = signal<CheckResult | null>(null);
  protected readonly testing = signal(false);
  protected readonly tested = computed(() => this.check()?.ok === true);

  /** Step 4. */
  protected readonly streams = linkedSignal<readonly string[]>(
    () => this.connector()?.streams.map(({ name }) => name) ?? [],
  );
  protected readonly form = new FormGroup({
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
  protected readonly hasStreams = computed(() =>
    this.hasTables()
      ? this.chosenTables().length + this.settledStreams().length > 0
      : this.streams().length > 0 || !this.connector()?.streams.length,
  );
  protected readonly creating = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly hasDays = computed(
    () => this.connector()?.streams.some(({ byDays }) => byDays) ?? false,
  );

  constructor() {
    const { name, slug } = this.form.controls;
    name.valueChanges.pipe(takeUntilDestroyed()).subscribe((value) => {
      if (!slug.dirty) slug.setValue(slugOf(value));
    });
    effect(() => {
      if (this.connector()) untracked(() => this.#restore());
    });
    effect((onCleanup) => {
      // What was found out holds for these settings alone.
      const watching = this.settings().valueChanges.subscribe(() => this.check.set(null));
      onCleanup(() => watching.unsubscribe());
    });
    effect(() => {
      const account = this.account();
      untracked(() => {
        this.check.set(null);
        this.choices.set([]);
        if (account) void this.#look(account);
      });
    });
  }

  /** Called before the browser leaves for consent: what was typed is there again when it comes back. */
  protected keep(): void {
    const account = this.account();
    const { slug } = this.form.controls;
    this.#drafts.keep(this.#place(), {
      connectionId: account && 'connectionId' in account ? account.connectionId : null,
      settings: this.settings().getRawValue(),
      streams: this.streams(),
      tables: this.chosenTables(),
      form: this.form.getRawValue(),
      slugTyped: slug.dirty,
    });
  }

  #place = (): string => `${this.projectId()}/${this.type()}`;

  #restore(): void {
    const draft = this.#drafts.take(this.#place());
    // Somebody who begins anew has not come back.
    if (!draft || (this.connection() ?? this.refused()) === undefined) return;
    this.#chosenBefore.set(draft.connectionId);
    this.settings().patchValue(draft.settings);
    this.streams.set(draft.streams);
    this.chosenTables.set(draft.tables);
    this.form.setValue(draft.form);
    if (draft.slugTyped) this.form.controls.slug.markAsDirty();
  }

  /** Asks the vendor what there is to choose from. */
  async #look(account: GivenAccount): Promise<void> {
    if (this.fields().length === 0 || this.#isBeforeWhere()) return;
    this.looking.set(true);
    this.problem.set(null);
    try {
      const { choices } = await this.#api.call('discoverSource', { body: this.#ask(account) });
      if (this.account() === account) this.#offer(choices);
    } catch (error) {
      const problem = toApiProblem(error);
      // Where the settings say where to look, nothing can be offered before they are filled in.
      const isEarly = problem.code === 'invalid_input';
      if (this.account() === account && !isEarly) this.problem.set(problem);
    } finally {
      if (this.account() === account) this.looking.set(false);
    }
  }

  /** A server that nobody has named yet cannot be asked. */
  #isBeforeWhere(): boolean {
    const { controls } = this.settings();
    const isMissing = this.fields().some(({ name, required }) => required && controls[name]?.value === '');
    return this.hasTables() && this.connector()?.auth === 'key' && isMissing;
  }

  #offer(choices: readonly Choice[]): void {
    this.choices.set(choices);
    for (const [name, control] of Object.entries(this.settings().controls)) {
      const offered = choices.filter(({ field }) => field === name);
      const [only, ...others] = offered;
      // What another account offered is not this one's.
      if (only && !offered.some(({ value }) => value === control.value)) control.setValue('');
      if (only && others.length === 0 && control.value === '') control.setValue(only.value);
    }
  }

  protected async test(): Promise<void> {
    const account = this.account();
    if (!account || this.testing() || !readyToSend(this.settings(), this.#host)) return;
    this.testing.set(true);
    this.problem.set(null);
    try {
      const check = await this.#api.call('checkSource', { body: this.#ask(account) });
      if (check.ok && this.hasTables()) await this.#findTables(account);
      this.check.set(check);
      if (check.ok) this.#suggestName();
    } catch (error) {
      this.#show(toApiProblem(error));
    } finally {
      this.testing.set(false);
    }
  }

  async #findTables(account: GivenAccount): Promise<void> {
    const { streams } = await this.#api.call('discoverSource', { body: this.#ask(account) });
    this.tables.set(streams.filter(({ config }) => config !== null));
    this.settledStreams.set(streams.filter(({ config }) => config === null).map(({ name }) => name));
  }

  protected async create(): Promise<void> {
    const account = this.account();
    if (!account || this.creating() || !this.hasStreams()) return;
    if (!readyToSend(this.form, this.#host)) return;
    const { name, slug, firstWindowDays, schedule } = this.form.getRawValue();
    const all = this.connector()?.streams ?? [];
    this.creating.set(true);
    this.problem.set(null);
    try {
      const source = await this.#api.call('createSource', {
        params: { projectId: this.projectId() },
        body: {
          ...this.#ask(account),
          name: name.trim(),
          slug,
          schedule,
          ...(this.streams().length < all.length && { streams: [...this.streams()] }),
          ...(this.hasDays() && { firstWindowDays }),
        },
        idempotencyKey: idempotencyKey(),
      });
      await this.#router.navigate(['/p', this.projectId(), 'sources', source.id]);
    } catch (error) {
      this.#show(toApiProblem(error));
    } finally {
      this.creating.set(false);
    }
  }

  #ask(account: GivenAccount) {
    const config = {
      ...valueOf(this.fields(), this.settings().getRawValue()),
      ...(this.hasTables() && { streams: [...this.chosenTables()] }),
    };
    return { type: this.type(), config, ...account };
  }

  /** The vendor's name and that of what was chosen, to spare typing. */
  #suggestName(): void {
    const { name, slug } = this.form.controls;
    const chosen = this.choices().find(
      ({ field, value }) => this.settings().controls[field]?.value === value,
    );
    if (name.dirty || name.value) return;
    name.setValue([this.connector()?.name, chosen?.label].filter(Boolean).join(' · ').slice(0, 100));
    if (!slug.dirty) slug.setValue(suggestedSlug(this.type(), chosen?.label));
  }

  #show(problem: ApiProblem): void {
    const { name, slug } = this.form.controls;
    const settings = Object.fromEntries(
      Object.entries(this.settings().controls).map(([field, control]) => [`config.${field}`, control]),
    );
    if (problem.code === 'name_taken') showMessage(slug, problem.detail);
    else if (!showFieldErrors(problem, { name, slug, ...settings })) this.problem.set(problem);
  }
}
