/** Light, dark, or as the system has it. */
import { Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Theme } from '../theme/theme';
import type { ThemeChoice } from '../theme/theme';

@Component({
  selector: 'fr-theme-menu',
  imports: [MatIconButton, MatIcon, MatMenu, MatMenuItem, MatMenuTrigger],
  template: `
    <button matIconButton type="button" [matMenuTriggerFor]="menu" [attr.aria-label]="'Theme: ' + current()">
      <mat-icon [svgIcon]="theme.choice()" />
    </button>
    <mat-menu #menu>
      @for (choice of choices; track choice.value) {
        <button
          mat-menu-item
          type="button"
          role="menuitemradio"
          [attr.aria-checked]="theme.choice() === choice.value"
          (click)="theme.choose(choice.value)"
        >
          <mat-icon
            [svgIcon]="theme.choice() === choice.value ? 'check' : choice.value"
            aria-hidden="true"
          />{{ choice.label }}
        </button>
      }
    </mat-menu>
  `,
})
export class ThemeMenu {
  protected readonly theme = inject(Theme);
  protected readonly choices: readonly { value: ThemeChoice; label: string }[] = [
    { value: 'system', label: 'As the system' },
    { value: 'light', label: 'Light' },
    { value: 'dark', label: 'Dark' },
  ];
  protected readonly current = computed(
    () => this.choices.find((c) => c.value === this.theme.choice())?.label ?? '',
  );
}
