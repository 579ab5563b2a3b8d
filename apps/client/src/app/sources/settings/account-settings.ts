/** Whose account a source reads, and how to change that: consent again, another connection, or other keys. What was read stays. */
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatOption, MatSelect } from '@angular/material/select';
import type { ConnectorInfo, Source, UpdateSource } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem, type ApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import { showFieldErrors } from '../../forms/show-field-errors';
import { ProblemPanel } from '../../problem/problem-panel';
import { Toasts } from '../../toasts/toasts';
import { consentUrl } from '../connect/consent-url';
import { PageLoad } from '../connect/page-load';
import { schemaFields, valueOf } from '../connect/schema-fields';
import { fieldsForm, SchemaForm } from '../connect/schema-form';
import { CurrentSource } from '../current-source';

@Component({
  selector: 'fr-account-settings',
  imports: [
    MatButton,
    MatFormField,
    MatLabel,
    MatOption,
    MatSelect,
    ProblemPanel,
    ReactiveFormsModule,
    SchemaForm,
  ],
  templateUrl: './account-settings.html',
  styleUrl: './account-settings.scss',
  host: { class: 'fr-card fr-form', role: 'region', 'aria-labelledby': 'account-settings' },
})
export class AccountSettings {
  readonly connector = input.required<ConnectorInfo>();
  readonly source = input.required<Source>();
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #pageLoad = inject(PageLoad);
  readonly #current = inject(CurrentSource);

  readonly #connections = apiResource('listConnections', () => ({ params: {} }));
  protected readonly connections = computed(() => {
    const { type, oauth } = this.connector();
    return (this.#connections.value()?.items ?? []).filter(({ provider, scopes }) =>
      oauth?.provider === provider
        ? oauth.scopes.every((scope) => scopes.includes(scope))
        : provider === type,
    );
  });
  protected readonly chosen = linkedSignal(() => this.source().connection?.id ?? null);
  protected readonly isOther = computed(() => this.chosen() !== (this.source().connection?.id ?? null));

  protected readonly fields = computed(() =>
    schemaFields(this.connector().credentialsSchema, { secret: true }),
  );
  protected readonly keys = linkedSignal(() => fieldsForm(this.fields()));
  /** Keys are asked for only when somebody wants to change them, or must. */
  protected readonly changesKeys = linkedSignal(
    () => this.source().status === 'needs_reconnect' && this.source().connection === null,
  );
  protected readonly busy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  protected reconnect(): void {
    const { connection, projectId, id } = this.source();
    const back = `/p/${projectId}/sources/${id}/settings`;
    if (connection) this.#pageLoad.to(consentUrl(this.connector(), back, connection.id));
  }

  protected useConnection(): Promise<void> {
    const connectionId = this.chosen();
    return connectionId === null ? Promise.resolve() : this.#save({ connectionId });
  }

  protected async useKeys(): Promise<void> {
    this.keys().markAllAsTouched();
    if (this.keys().invalid) return;
    await this.#save({ credentials: valueOf(this.fields(), this.keys().getRawValue()) });
  }

  async #save(body: UpdateSource): Promise<void> {
    const { id, revision } = this.source();
    if (this.busy()) return;
    this.busy.set(true);
    this.problem.set(null);
    try {
      const saved = await this.#api.call('updateSource', { params: { id }, ifMatch: revision, body });
      this.#current.resource.set(saved);
      this.keys().reset();
      this.changesKeys.set(false);
      this.#toasts.show('Saved: the next sync uses it, and goes on where the last one stopped.');
    } catch (error) {
      this.#show(toApiProblem(error));
    } finally {
      this.busy.set(false);
    }
  }

  #show(problem: ApiProblem): void {
    const controls = Object.fromEntries(
      Object.entries(this.keys().controls).map(([field, control]) => [`credentials.${field}`, control]),
    );
    if (!showFieldErrors(problem, controls)) this.problem.set(problem);
  }
}
