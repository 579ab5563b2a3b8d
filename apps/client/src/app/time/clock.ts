/** The time that pages show: ticks, so that "4 min ago" stays true without any request. */
import { DOCUMENT, DestroyRef, Injectable, inject, signal } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class Clock {
  readonly #now = signal(Date.now());
  /** Milliseconds since the epoch, once a second while the page is visible. */
  readonly now = this.#now.asReadonly();

  constructor() {
    const document = inject(DOCUMENT);
    if (!document.defaultView) return;
    const tick = (): void => {
      if (document.visibilityState !== 'hidden') this.#now.set(Date.now());
    };
    const timer = setInterval(tick, 1_000);
    document.addEventListener('visibilitychange', tick);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    });
  }
}
