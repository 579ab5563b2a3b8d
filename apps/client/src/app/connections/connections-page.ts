/** The credentials that sources share: whose they are, whether they work, and which sources use them. */
import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { Connection } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';
import { apiResource } from '../api/api-resource';
import { Breadcrumb } from '../breadcrumb/breadcrumb';
import { Confirm } from '../confirm/confirm';
import { EmptyState } from '../empty-state/empty-state';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { Skeleton } from '../skeleton/skeleton';
import { consentUrl } from '../sources/connect/consent-url';
import { PageLoad } from '../sources/connect/page-load';
import { refusalOf } from '../sources/connect/refusal';
import { Ago } from '../time/ago';
import { Toasts } from '../toasts/toasts';

@Component({
  imports: [Ago, Breadcrumb, EmptyState, MatButton, MatIcon, ProblemPanel, RouterLink, Skeleton],
  templateUrl: './connections-page.html',
  styleUrl: './connections-page.scss',
})
export class ConnectionsPage {
  readonly projectId = input.required<string>();
  readonly refused = input<string>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #toasts = inject(Toasts);
  readonly #pageLoad = inject(PageLoad);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly refusal = computed(() => refusalOf(this.refused()));
  protected readonly connections = apiResource('listConnections', () => ({ params: {} }));
  readonly #connectors = apiResource('listConnectors', () => ({ params: {} }));
  protected readonly busy = signal<string | null>(null);

  protected providerOf({ provider }: Connection): string {
    const connector = this.#connectors.value()?.items.find(({ type }) => type === provider);
    return connector?.name ?? { google: 'Google', meta: 'Meta' }[provider] ?? provider;
  }

  /** A connector that asks for all that this consent covered; null for keys, which are typed. */
  #connectorFor({ provider, scopes }: Connection) {
    const able = (this.#connectors.value()?.items ?? []).filter((each) => each.oauth?.provider === provider);
    return (
      able.find(({ oauth }) => oauth?.scopes.every((scope) => scopes.includes(scope))) ?? able[0] ?? null
    );
  }

  protected isConsent(connection: Connection): boolean {
    return this.#connectorFor(connection) !== null;
  }

  protected reconnect(connection: Connection): void {
    const connector = this.#connectorFor(connection);
    const back = `/p/${this.projectId()}/sources/connections`;
    if (connector) this.#pageLoad.to(consentUrl(connector, back, connection.id));
  }

  protected async remove({ id, name }: Connection): Promise<void> {
    const sure = await this.#confirm.ask({
      title: `Disconnect ${name}?`,
      text: 'Freshet forgets these credentials. No source uses them.',
      confirm: 'Disconnect',
      danger: true,
    });
    if (!sure) return;
    this.busy.set(id);
    try {
      await this.#api.call('deleteConnection', { params: { id } });
      this.#toasts.show(`${name} was disconnected.`);
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.busy.set(null);
      this.connections.reload();
    }
  }
}
