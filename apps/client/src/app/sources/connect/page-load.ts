/** Leaves the client for another page of the browser; a service of its own, so that tests can see where to. */
import { DOCUMENT, Injectable, inject } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class PageLoad {
  readonly #document = inject(DOCUMENT);

  to(url: string): void {
    this.#document.location.assign(url);
  }
}
