/** The root: whatever the address says, in one theme. */
import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Theme } from './theme/theme';

@Component({
  selector: 'fr-root',
  imports: [RouterOutlet],
  template: '<router-outlet />',
})
export class App {
  protected readonly theme = inject(Theme);
}
