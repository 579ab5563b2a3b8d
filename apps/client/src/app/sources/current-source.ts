/** The source of the page, shared by its tabs: as it is now, the run under way, and what a person can start and stop. */
import { Injectable, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute } from '@angular/router';
import type { StartSync } from '@freshet/contracts';
import { map } from 'rxjs';
import { apiResource } from '../api/api-resource';
import { RunningSyncs, sourceChanges } from './running-syncs';
import { SyncNow } from './sync-now';

@Injectable()
export class CurrentSource {
  readonly #syncs = inject(SyncNow);
  readonly #running = inject(RunningSyncs);
  readonly id = toSignal(
    inject(ActivatedRoute).paramMap.pipe(map((params) => params.get('sourceId') ?? '')),
    { requireSync: true },
  );

  /** Grows whenever the source or its runs read differently. */
  readonly changes = sourceChanges(() => this.id());
  readonly resource = apiResource('getSource', () => ({ params: { id: this.id() } }), this.changes);
  readonly source = this.resource.value;

  /** Between the click and the answer. */
  readonly starting = signal(false);
  readonly cancelling = signal(false);

  readonly activeRun = apiResource(
    'getSyncRun',
    () => {
      const id = this.source()?.activeRunId;
      return id ? { params: { id } } : undefined;
    },
    this.changes,
  );
  readonly busy = computed(() => this.starting() || Boolean(this.source()?.activeRunId));
  readonly progress = computed(() => {
    const id = this.source()?.activeRunId;
    return id ? this.#running.progressOf(id, this.activeRun.value()) : null;
  });

  async syncNow(asked: StartSync = {}): Promise<void> {
    const source = this.source();
    if (!source || this.starting()) return;
    this.starting.set(true);
    this.cancelling.set(false);
    const runId = await this.#syncs.start(source, asked);
    const now = this.source();
    if (runId !== null && now?.id === source.id && now.activeRunId === null) {
      this.resource.set({ ...now, status: 'running', activeRunId: runId });
      // A short run may have ended before the answer came: the server has the last word.
      this.resource.reload();
    }
    this.starting.set(false);
  }

  async cancel(): Promise<void> {
    const runId = this.source()?.activeRunId;
    if (!runId) return;
    this.cancelling.set(true);
    await this.#syncs.cancel(runId);
    this.cancelling.set(false);
  }
}
