/** What a person may do with versions: show an earlier one, end that, or publish a build that was kept aside. */
import { Injectable, inject, signal } from '@angular/core';
import type { Model } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { Toasts } from '../../toasts/toasts';

type Subject = Pick<Model, 'id' | 'name'>;

@Injectable({ providedIn: 'root' })
export class VersionChanges {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  /** One at a time: the buttons wait for the answer. */
  readonly busy = signal(false);

  /** Takes a moment however large the model is, and can be taken back: nothing is asked before. */
  async rollBack(model: Subject, version: number): Promise<Model | null> {
    const done = await this.#do(() =>
      this.#api.call('rollbackModel', { params: { id: model.id }, body: { version } }),
    );
    if (done)
      this.#toasts.show(`${model.name} shows v${version} until it is released`, {
        label: 'Release',
        run: () => void this.release(model),
      });
    return done;
  }

  async release(model: Subject): Promise<Model | null> {
    const done = await this.#do(() => this.#api.call('releaseModel', { params: { id: model.id } }));
    if (done) this.#toasts.show(`${model.name} follows its newest build again`);
    return done;
  }

  async promote(model: Subject, version: number): Promise<Model | null> {
    const done = await this.#do(() =>
      this.#api.call('promoteModel', { params: { id: model.id }, body: { version } }),
    );
    if (done) this.#toasts.show(`${model.name}: v${version} is published`);
    return done;
  }

  async #do(work: () => Promise<Model>): Promise<Model | null> {
    this.busy.set(true);
    try {
      return await work();
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
      return null;
    } finally {
      this.busy.set(false);
    }
  }
}
