/** Keeps what was typed into the wizard while the browser is away at a provider's consent page; only in this tab, and never a secret. */
import { DOCUMENT, Injectable, inject } from '@angular/core';
import type { Schedule } from '@freshet/contracts';
import type { StreamEntry } from './stream-entry';

export interface Draft {
  connectionId: string | null;
  settings: Record<string, string | number | boolean>;
  streams: readonly string[];
  tables: readonly StreamEntry[];
  form: { name: string; slug: string; firstWindowDays: number; schedule: Schedule };
  /** Else it follows the name. */
  slugTyped: boolean;
}

const key = (place: string): string => `freshet.connect.${place}`;

@Injectable({ providedIn: 'root' })
export class ConnectDraft {
  readonly #document = inject(DOCUMENT);

  /** @param place which wizard: project and type of connector */
  keep(place: string, draft: Draft): void {
    try {
      this.#storage()?.setItem(key(place), JSON.stringify(draft));
    } catch {
      // It has to be typed again.
    }
  }

  /** What was kept, once. */
  take(place: string): Draft | null {
    try {
      const kept = this.#storage()?.getItem(key(place)) ?? null;
      this.#storage()?.removeItem(key(place));
      return kept === null ? null : (JSON.parse(kept) as Draft);
    } catch {
      return null;
    }
  }

  /** Throws where a browser forbids it. */
  #storage(): Storage | null {
    return this.#document.defaultView?.sessionStorage ?? null;
  }
}
