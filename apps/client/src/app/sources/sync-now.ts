/** Starts and cancels syncs for a person, and tells what came of it. */
import { Injectable, inject } from '@angular/core';
import type { Source, StartSync } from '@freshet/contracts';
import { Api } from '../api/api';
import { idempotencyKey } from '../api/idempotency-key';
import { toApiProblem } from '../api/api-problem';
import { clockTime, relativeTime } from '../time/describe-time';
import { Toasts } from '../toasts/toasts';

@Injectable({ providedIn: 'root' })
export class SyncNow {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);

  /** The id of the run, started or joined; null when it was refused, which the person has been told. */
  async start(source: Pick<Source, 'id' | 'name'>, asked: StartSync = {}): Promise<string | null> {
    try {
      const { runId, joined } = await this.#api.call('startSync', {
        params: { id: source.id },
        body: asked,
        idempotencyKey: idempotencyKey(),
      });
      if (joined) this.#toasts.show(`${source.name} is syncing already; you joined that run.`);
      return runId;
    } catch (error) {
      const problem = toApiProblem(error);
      const again =
        problem.retryAt &&
        `You can sync it again ${relativeTime(problem.retryAt, Date.now())}, at ${clockTime(problem.retryAt)}.`;
      this.#toasts.problem({
        detail: problem.detail,
        action: [problem.action, again].filter(Boolean).join(' ') || null,
      });
      return null;
    }
  }

  async cancel(runId: string): Promise<void> {
    try {
      await this.#api.call('cancelSyncRun', { params: { id: runId } });
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
    }
  }
}
