/** The document's title: the page first, then the product, so that tabs and screen readers tell pages apart. */
import { Injectable, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy } from '@angular/router';
import type { RouterStateSnapshot } from '@angular/router';

@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  readonly #title = inject(Title);

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.show(this.buildTitle(snapshot));
  }

  /** For pages whose title is the name of what they show. */
  show(page: string | undefined): void {
    this.#title.setTitle(page ? `${page} · Freshet` : 'Freshet');
  }
}
