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
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink } from '@angular/router';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import { idempotencyKey } from '../../api/idempotency-key';
import { Breadcrumb } from '../../breadcrumb/breadcrumb';
import { EmptyState } from '../../empty-state/empty-state';
import { readyToSend } from '../../forms/show-field-errors';
import { ProblemPanel, type Trouble } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { slugOf, suggestedSlug } from '../add/slug';
import { AccountStep, type GivenAccount } from './account-step';
import { ConnectDraft } from './connect-draft';
import { configOf, isTables, showAtFields } from './connect-request';
import { refusalOf } from './refusal';
import { schemaFields } from './schema-fields';
import { fieldsForm } from './schema-form';
import { SettingsStep, type Tested } from './settings-step';
import { entryTrouble, unfinished, type StreamEntry } from './stream-entry';
import { SyncStep, hasDays, syncForm } from './sync-step';

@Component({
  imports: [
    AccountStep,
    Breadcrumb,
    EmptyState,
    MatButton,
    MatIcon,
    ProblemPanel,
    ReactiveFormsModule,
    RouterLink,
    SettingsStep,
    Skeleton,
    SyncStep,
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

  /** Step 1; null until there is an account. */
  protected readonly account = signal<GivenAccount | null>(null);

  /** Step 2: kept here, so that they outlive a change of the account. */
  readonly #schema = computed(() => schemaFields(this.connector()?.configSchema ?? null));
  protected readonly hasTables = computed(() => this.#schema().some(isTables));
  protected readonly fields = computed(() => this.#schema().filter((field) => !isTables(field)));
  protected readonly settings = linkedSignal(() => fieldsForm(this.fields()));
  protected readonly tested = linkedSignal<GivenAccount | null, Tested | null>({
    source: this.account,
    computation: () => null,
  });

  /** Step 3. */
  protected readonly chosenTables = signal<readonly StreamEntry[]>([]);
  protected readonly streams = linkedSignal<readonly string[]>(
    () => this.connector()?.streams.map(({ name }) => name) ?? [],
  );
  protected readonly form = syncForm();
  protected readonly hasStreams = computed(() =>
    this.hasTables()
      ? this.chosenTables().length + (this.tested()?.settled.length ?? 0) > 0
      : this.streams().length > 0 || !this.connector()?.streams.length,
  );
  /** A query is being written, and not among the chosen ones yet. */
  protected readonly writing = signal(false);
  protected readonly creating = signal(false);
  protected readonly problem = signal<Trouble | null>(null);

  constructor() {
    const { name, slug } = this.form.controls;
    name.valueChanges.pipe(takeUntilDestroyed()).subscribe((value) => {
      if (!slug.dirty) slug.setValue(slugOf(value));
    });
    effect(() => {
      if (this.connector()) untracked(() => this.#restore());
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

  protected found(tested: Tested | null): void {
    this.tested.set(tested);
    this.problem.set(null);
    if (tested) this.#suggestName(tested);
  }

  /** The vendor's name and that of what was chosen, to spare typing. */
  #suggestName({ label }: Tested): void {
    const { name, slug } = this.form.controls;
    if (name.dirty || name.value) return;
    name.setValue([this.connector()?.name, label].filter(Boolean).join(' · ').slice(0, 100));
    if (!slug.dirty) slug.setValue(suggestedSlug(this.type(), label));
  }

  protected async create(): Promise<void> {
    const account = this.account();
    if (!account || this.creating() || !this.hasStreams()) return;
    if (!readyToSend(this.form, this.#host)) return;
    if (this.writing()) return this.problem.set(unfinished);
    const { name, slug, firstWindowDays, schedule } = this.form.getRawValue();
    const connector = this.connector();
    const tables = this.hasTables() ? this.chosenTables() : null;
    this.creating.set(true);
    this.problem.set(null);
    try {
      const source = await this.#api.call('createSource', {
        params: { projectId: this.projectId() },
        body: {
          ...{ type: this.type(), config: configOf(this.fields(), this.settings(), tables), ...account },
          ...{ name: name.trim(), slug, schedule },
          ...(this.streams().length < (connector?.streams.length ?? 0) && { streams: [...this.streams()] }),
          ...(hasDays(connector) && { firstWindowDays }),
        },
        idempotencyKey: idempotencyKey(),
      });
      await this.#router.navigate(['/p', this.projectId(), 'sources', source.id]);
    } catch (error) {
      const problem = toApiProblem(error);
      const { controls } = this.form;
      if (!showAtFields(problem, this.settings(), controls))
        this.problem.set(entryTrouble(problem, this.chosenTables()) ?? problem);
    } finally {
      this.creating.set(false);
    }
  }
}
