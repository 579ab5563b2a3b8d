/** The document's title: the page first, then the product, so that tabs and screen readers tell pages apart. */
import { Injectable, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy } from '@angular/router';
import type { RouterStateSnapshot } from '@angular/router';

@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  readonly #title = inject(Title);

  override updateTitle(snapshot: RouterStateSnapshot): void {
    const title = this.buildTitle(snapshot);
    // A page without a title in its route names itself, and keeps that name while one changes between its tabs.
    if (title !== undefined) this.show(title);
  }

  /** For pages whose title is the name of what they show. */
  show(page: string): void {
    this.#title.setTitle(`${page} · Freshet`);
  }
}
