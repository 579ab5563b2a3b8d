/** Remembers on this device which project was open last, to offer it first. */
import { DOCUMENT, Injectable, inject } from '@angular/core';

const key = 'freshet.project';

@Injectable({ providedIn: 'root' })
export class LastProject {
  readonly #storage = ((): Storage | null => {
    try {
      return inject(DOCUMENT).defaultView?.localStorage ?? null;
    } catch {
      return null;
    }
  })();

  get id(): string | null {
    return this.#storage?.getItem(key) ?? null;
  }

  remember(projectId: string): void {
    try {
      this.#storage?.setItem(key, projectId);
    } catch {
      // Nothing is lost but a convenience.
    }
  }
}
