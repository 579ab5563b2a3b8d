/** What of an account a source reads, and whether that works: the vendor's choices, the settings, and a test of them. */
import { Component, ElementRef, effect, inject, input, model, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { CheckResult, ConnectorInfo, DiscoverResult } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem, type ApiProblem } from '../../api/api-problem';
import { readyToSend, showFieldErrors } from '../../forms/show-field-errors';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { ConnectionCheck } from '../add/connection-check';
import type { GivenAccount } from './account-step';
import { configOf, settingControls } from './connect-request';
import type { SchemaField } from './schema-fields';
import { SchemaForm, type Choice, type FieldsForm } from './schema-form';
import type { FoundStream, StreamEntry } from './stream-entry';

/** What a test that went well found out; it holds for its account and settings alone. */
export interface Tested {
  /** Tables to choose from. */
  tables: readonly FoundStream[];
  /** Streams that the settings name by themselves. */
  settled: readonly string[];
  /** What the vendor calls the thing that was chosen. */
  label: string | undefined;
}

@Component({
  selector: 'fr-settings-step',
  imports: [ConnectionCheck, MatButton, ProblemPanel, SchemaForm, Skeleton],
  templateUrl: './settings-step.html',
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    p {
      margin: 0;
      color: var(--fr-ink-muted);
    }
  `,
})
export class SettingsStep {
  readonly connector = input.required<ConnectorInfo>();
  readonly account = input.required<GivenAccount>();
  readonly fields = input.required<readonly SchemaField[]>();
  readonly settings = input.required<FieldsForm>();
  /** Entries of the config's `streams`; null where these are not chosen. */
  readonly tables = input.required<readonly StreamEntry[] | null>();
  readonly tested = model.required<Tested | null>();
  readonly #api = inject(Api);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly choices = signal<readonly Choice[]>([]);
  protected readonly looking = signal(false);
  protected readonly check = signal<CheckResult | null>(null);
  protected readonly testing = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  constructor() {
    effect((onCleanup) => {
      // What was found out holds for these settings alone.
      const watching = this.settings().valueChanges.subscribe(() => this.#forget());
      onCleanup(() => watching.unsubscribe());
    });
    effect(() => {
      const account = this.account();
      untracked(() => {
        this.#forget();
        this.choices.set([]);
        void this.#look(account);
      });
    });
  }

  #forget(): void {
    this.check.set(null);
    this.tested.set(null);
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
    return this.tables() !== null && this.connector().auth === 'key' && isMissing;
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
    if (this.testing() || !readyToSend(this.settings(), this.#host)) return;
    this.testing.set(true);
    this.problem.set(null);
    try {
      const check = await this.#api.call('checkSource', { body: this.#ask(account) });
      const found = check.ok ? await this.#find(account) : null;
      this.check.set(check);
      this.tested.set(found);
    } catch (error) {
      const problem = toApiProblem(error);
      if (!showFieldErrors(problem, settingControls(this.settings()))) this.problem.set(problem);
    } finally {
      this.testing.set(false);
    }
  }

  async #find(account: GivenAccount): Promise<Tested> {
    const { controls } = this.settings();
    const label = this.choices().find(({ field, value }) => controls[field]?.value === value)?.label;
    if (this.tables() === null) return { tables: [], settled: [], label };
    // Without those that are chosen already, so that they are offered as well.
    const body = this.#ask(account, []);
    const { streams } = await this.#api.call('discoverSource', { body }).catch(nothingOffered);
    const tables = streams.filter(({ config }) => config !== null);
    const settled = streams.filter(({ config }) => config === null).map(({ name }) => name);
    return { tables, settled, label };
  }

  #ask(account: GivenAccount, tables = this.tables()) {
    const config = configOf(this.fields(), this.settings(), tables);
    return { type: this.connector().type, config, ...account };
  }
}

/** Where no table is offered, such as with no dataset, queries can be written all the same. */
const nothingOffered = (error: unknown): Pick<DiscoverResult, 'streams'> => {
  if (toApiProblem(error).code === 'invalid_input') return { streams: [] };
  throw error;
};
