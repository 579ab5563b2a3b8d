/** A grey bar where something will be, of the size it will have: `<fr-skeleton width="12ch" height="20px" />`. */
import { Component, input } from '@angular/core';

@Component({
  selector: 'fr-skeleton',
  template: '',
  host: { 'aria-hidden': 'true', '[style.width]': 'width()', '[style.height]': 'height()' },
  styles: `
    :host {
      display: block;
      max-width: 100%;
      border-radius: 6px;
      background: var(--fr-line);
      animation: breathe 1.4s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      from {
        opacity: 0.9;
      }
      to {
        opacity: 0.45;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      :host {
        animation: none;
      }
    }
  `,
})
export class Skeleton {
  readonly width = input('100%');
  readonly height = input('16px');
}
