/** What a source needs a person for, each with the button that settles it: consent again, a held run, new streams. */
import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { Source } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { apiResource } from '../../api/api-resource';
import { Session } from '../../session/session';
import { Toasts } from '../../toasts/toasts';
import { consentUrl } from '../connect/consent-url';
import { PageLoad } from '../connect/page-load';
import { refusalOf } from '../connect/refusal';
import { CurrentSource } from '../current-source';

@Component({
  selector: 'fr-source-notices',
  imports: [MatButton, MatIcon, RouterLink],
  templateUrl: './source-notices.html',
  styleUrl: './source-notices.scss',
})
export class SourceNotices {
  readonly source = input.required<Source>();
  /** From the way back of a consent. */
  readonly refused = input<string>();
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #pageLoad = inject(PageLoad);
  readonly #current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly busy = signal(false);
  protected readonly refusal = computed(() => refusalOf(this.refused()));

  readonly #connectors = apiResource('listConnectors', () =>
    this.source().connection ? { params: {} } : undefined,
  );
  protected readonly connector = computed(() =>
    this.#connectors.value()?.items.find(({ type }) => type === this.source().type),
  );
  /** Only consent can be given again from here; keys are typed in the settings. */
  protected readonly mayReconnect = computed(
    () => this.source().status === 'needs_reconnect' && this.connector()?.oauth?.ready === true,
  );

  protected readonly heldRun = apiResource('getSyncRun', () => {
    const id = this.source().heldRunId;
    return id ? { params: { id } } : undefined;
  });
  protected readonly heldWhy = computed(
    () => this.heldRun.value()?.streams.flatMap(({ heldWhy }) => (heldWhy ? [heldWhy] : [])) ?? [],
  );
  protected readonly noticed = computed(() => this.source().streams.filter(({ noticed }) => noticed));

  protected reconnect(): void {
    const { connection, projectId, id } = this.source();
    const connector = this.connector();
    if (connection && connector)
      this.#pageLoad.to(consentUrl(connector, `/p/${projectId}/sources/${id}`, connection.id));
  }

  protected letThrough(): Promise<void> {
    const id = this.source().heldRunId ?? '';
    return this.#settle(
      () => this.#api.call('releaseSyncRun', { params: { id } }),
      'Let through: what reads these tables is refreshed.',
    );
  }

  protected decide(enabled: boolean): Promise<void> {
    const { id, revision } = this.source();
    const streams = this.noticed().map(({ name }) => ({ name, enabled }));
    return this.#settle(
      () => this.#api.call('updateSource', { params: { id }, ifMatch: revision, body: { streams } }),
      enabled ? 'They are synced from now on.' : 'They are left out.',
    );
  }

  async #settle(work: () => Promise<unknown>, done: string): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
      this.#toasts.show(done);
      this.#current.resource.reload();
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    } finally {
      this.busy.set(false);
    }
  }
}
