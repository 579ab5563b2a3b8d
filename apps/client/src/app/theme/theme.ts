/** Light or dark: as the system has it, until the person chooses; the choice is remembered on this device. */
import { DOCUMENT, Injectable, inject, signal } from '@angular/core';

export type ThemeChoice = 'system' | 'light' | 'dark';

const key = 'freshet.theme';
const isChoice = (value: unknown): value is ThemeChoice =>
  value === 'system' || value === 'light' || value === 'dark';

@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #document = inject(DOCUMENT);
  readonly #choice = signal<ThemeChoice>(this.#remembered());
  readonly #system = signal(this.#systemIsDark());

  readonly choice = this.#choice.asReadonly();

  constructor() {
    this.#apply();
    this.#query()?.addEventListener('change', (event) => this.#system.set(event.matches));
  }

  /** Whether the page is dark now. */
  readonly dark = (): boolean => (this.#choice() === 'system' ? this.#system() : this.#choice() === 'dark');

  choose(choice: ThemeChoice): void {
    this.#choice.set(choice);
    try {
      this.#document.defaultView?.localStorage.setItem(key, choice);
    } catch {
      // Storage may be forbidden: then the choice lasts as long as the page.
    }
    this.#apply();
  }

  #remembered(): ThemeChoice {
    try {
      const value = this.#document.defaultView?.localStorage.getItem(key);
      return isChoice(value) ? value : 'system';
    } catch {
      return 'system';
    }
  }

  #query(): MediaQueryList | undefined {
    return this.#document.defaultView?.matchMedia?.('(prefers-color-scheme: dark)');
  }

  #systemIsDark(): boolean {
    return this.#query()?.matches ?? false;
  }

  #apply(): void {
    const choice = this.#choice();
    this.#document.documentElement.style.colorScheme = choice === 'system' ? '' : choice;
  }
}
