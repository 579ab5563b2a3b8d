/** Who is signed in, and the workspaces that person may enter. */
import { Injectable, computed, inject, signal } from '@angular/core';
import type { Me } from '@freshet/contracts';
import { Api } from '../api/api';
import { ApiProblem } from '../api/api-problem';

@Injectable({ providedIn: 'root' })
export class Session {
  readonly #api = inject(Api);
  readonly #me = signal<Me | null>(null);

  readonly me = this.#me.asReadonly();
  readonly projects = computed(() => this.#me()?.projects ?? []);
  readonly mayEdit = computed(() => {
    const role = this.#me()?.organization?.role;
    return role !== undefined && role !== 'viewer';
  });

  /** Owners and admins: new workspaces, people and keys. */
  readonly mayAdminister = computed(() => ['owner', 'admin'].includes(this.#me()?.organization?.role ?? ''));

  /** The signed-in person, or null when nobody is; other failures reject. */
  async load(): Promise<Me | null> {
    const known = this.#me();
    if (known) return known;
    try {
      this.#me.set(await this.#api.call('me'));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'unauthenticated') throw error;
    }
    return this.#me();
  }

  entered(me: Me): void {
    this.#me.set(me);
  }

  forget(): void {
    this.#me.set(null);
  }

  /** Reads projects anew, after one was created. */
  async reload(): Promise<void> {
    this.#me.set(await this.#api.call('me'));
  }

  async signOut(): Promise<void> {
    await this.#api.call('signOut');
    this.forget();
  }
}
