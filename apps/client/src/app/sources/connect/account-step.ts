/** Whose account a source reads: one that is connected already, one to be connected by consent, or keys that are typed. */
import {
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  model,
  output,
  untracked,
} from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatRadioButton, MatRadioGroup } from '@angular/material/radio';
import type { Connection, ConnectorInfo } from '@freshet/contracts';
import { apiResource } from '../../api/api-resource';
import { ProblemPanel } from '../../problem/problem-panel';
import { consentUrl, providerNames } from './consent-url';
import { schemaFields, valueOf } from './schema-fields';
import { fieldsForm, SchemaForm } from './schema-form';
import { PageLoad } from './page-load';

/** As the API takes it. */
export type GivenAccount =
  { connectionId: string } | { credentials: Record<string, unknown> } | Record<string, never>;

@Component({
  selector: 'fr-account-step',
  imports: [MatButton, MatIcon, MatRadioButton, MatRadioGroup, ProblemPanel, ReactiveFormsModule, SchemaForm],
  templateUrl: './account-step.html',
  styleUrl: './account-step.scss',
})
export class AccountStep {
  readonly connector = input.required<ConnectorInfo>();
  readonly projectId = input.required<string>();
  /** A connection that was made a moment ago. */
  readonly justConnected = input<string | null>(null);
  /** The browser is about to leave for consent. */
  readonly leaving = output();
  readonly account = model.required<GivenAccount | null>();
  readonly #pageLoad = inject(PageLoad);

  protected readonly connections = apiResource('listConnections', () => ({ params: {} }));
  protected readonly known = computed<Connection[]>(() => {
    const { type, oauth } = this.connector();
    return (this.connections.value()?.items ?? []).filter(
      ({ provider }) => provider === type || provider === oauth?.provider,
    );
  });
  protected readonly usable = computed(() => this.known().filter((one) => !this.lacks(one)));
  protected readonly provider = computed(() => providerNames[this.connector().oauth?.provider ?? ''] ?? '');
  /** Which of the known ones: '' for none, so that keys are typed. */
  protected readonly chosen = linkedSignal<string | null>(() => this.justConnected());
  protected readonly selected = computed(() => this.known().find(({ id }) => id === this.chosen()) ?? null);

  protected readonly fields = computed(() =>
    schemaFields(this.connector().credentialsSchema, { secret: true }),
  );
  protected readonly keys = linkedSignal(() => fieldsForm(this.fields()));
  protected readonly needsNothing = computed(
    () => this.connector().auth === 'none' || (this.connector().auth === 'key' && this.fields().length === 0),
  );
  protected readonly typesKeys = computed(() => this.fields().length > 0 && !this.selected());

  constructor() {
    effect(() => {
      if (this.needsNothing()) untracked(() => this.account.set({}));
    });
    effect((onCleanup) => {
      // Keys that are being changed are nobody's yet.
      const typing = this.keys().valueChanges.subscribe(() => {
        const account = this.account();
        if (account && 'credentials' in account) this.account.set(null);
      });
      onCleanup(() => typing.unsubscribe());
    });
    effect(() => {
      const id = this.selected()?.id;
      untracked(() => {
        if (id) this.account.set({ connectionId: id });
        else if (this.account() && !this.needsNothing()) this.account.set(null);
      });
    });
  }

  /** Consent was given for something else, such as another of the provider's products. */
  protected lacks({ provider, scopes }: Connection): boolean {
    const oauth = this.connector().oauth;
    return oauth?.provider === provider && !oauth.scopes.every((scope) => scopes.includes(scope));
  }

  protected connect(again?: string): void {
    const back = `/p/${this.projectId()}/sources/new/${this.connector().type}`;
    this.leaving.emit();
    this.#pageLoad.to(consentUrl(this.connector(), back, again));
  }

  protected useSandboxKeys(): void {
    const credentials = this.connector().sandbox?.credentials ?? {};
    for (const [name, control] of Object.entries(this.keys().controls)) {
      const value = credentials[name];
      if (typeof value === 'string' || typeof value === 'number') control.setValue(value);
      else if (value !== undefined) control.setValue(JSON.stringify(value));
    }
    this.useKeys();
  }

  protected useKeys(): void {
    this.keys().markAllAsTouched();
    if (this.keys().invalid) return;
    this.account.set({ credentials: valueOf(this.fields(), this.keys().getRawValue()) });
  }
}
