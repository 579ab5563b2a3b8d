/** Where a page is: the way back up, then the page itself. */
import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';

export interface Crumb {
  label: string;
  /** Commands of the router; the last crumb, the page itself, has none. */
  link?: readonly unknown[];
}

@Component({
  selector: 'fr-breadcrumb',
  imports: [MatIcon, RouterLink],
  template: `
    <nav aria-label="Breadcrumb">
      <ol>
        @for (crumb of crumbs(); track $index) {
          <li>
            @if (crumb.link; as link) {
              <a [routerLink]="[...link]">{{ crumb.label }}</a>
              <mat-icon svgIcon="chevron-right" aria-hidden="true" />
            } @else {
              <span aria-current="page">{{ crumb.label }}</span>
            }
          </li>
        }
      </ol>
    </nav>
  `,
  styles: `
    ol {
      display: flex;
      align-items: center;
      margin: -12px 0 0;
      padding: 0;
      list-style: none;
      color: var(--fr-ink-muted);
      font-size: 13px;
    }
    li {
      display: inline-flex;
      flex: none;
      align-items: center;
      min-width: 0;
    }
    a {
      display: inline-flex;
      align-items: center;
      min-height: 44px;
      color: var(--fr-ink-muted);
      text-underline-offset: 3px;
    }
    a:hover {
      color: var(--fr-ink);
    }
    /* The page says its whole name right below. */
    li:last-child {
      flex: 0 1 auto;
      max-width: 100%;
    }
    span {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    mat-icon {
      flex: none;
      width: 16px;
      height: 16px;
      margin: 0 2px;
    }
  `,
})
export class Breadcrumb {
  readonly crumbs = input.required<readonly Crumb[]>();
}
