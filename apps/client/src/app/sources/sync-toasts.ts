/** Says at the end of a sync what it brought: of those a person asked for, and of those that failed. */
import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { ProjectEvent, SyncRun } from '@freshet/contracts';
import { Api } from '../api/api';
import { LiveUpdates } from '../live/live-updates';
import { counted } from '../time/describe-number';
import { Toasts } from '../toasts/toasts';

/** What happened longer ago than this, and was only fetched now, is history and no news. */
const news = 60_000;

/** "40 new, 12 changed and 3 gone rows", "nothing changed", or why it failed. */
export const outcome = (run: Pick<SyncRun, 'status' | 'records' | 'error'>): string => {
  if (run.status === 'failed') return run.error?.message ?? 'the sync failed.';
  const { inserted, updated, deleted, rejected } = run.records;
  const parts = [
    inserted > 0 && `${counted(inserted, 'new row')}`,
    updated > 0 && `${counted(updated, 'changed row')}`,
    deleted > 0 && `${counted(deleted, 'row')} gone`,
    rejected > 0 && `${counted(rejected, 'row')} rejected`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'nothing changed.' : `${parts.join(', ')}.`;
};

@Injectable({ providedIn: 'root' })
export class SyncToasts {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);

  constructor() {
    inject(LiveUpdates).on(['sync:completed', 'sync:failed'], (event) => void this.#tell(event));
  }

  async #tell({ projectId, payload, at }: ProjectEvent<'sync:completed' | 'sync:failed'>): Promise<void> {
    if (Date.now() - Date.parse(at) > news) return;
    try {
      const run = await this.#api.call('getSyncRun', { params: { id: payload.runId } });
      if (run.trigger !== 'user' && run.status !== 'failed') return;
      const source = await this.#api.call('getSource', { params: { id: payload.sourceId } });
      const page = `/p/${projectId}/sources/${source.id}`;
      const look = { label: 'Look', run: () => void this.#router.navigateByUrl(page) };
      this.#toasts.show(
        `${source.name}: ${outcome(run)}`,
        this.#router.url.startsWith(page) ? undefined : look,
      );
    } catch {
      // A toast is a courtesy: the page itself tells the same, and its problems.
    }
  }
}
