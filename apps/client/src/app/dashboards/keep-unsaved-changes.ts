/** Asks before a page with unsaved changes is left; pages of models use it as well. */
import { inject } from '@angular/core';
import type { CanDeactivateFn } from '@angular/router';
import { Confirm } from '../confirm/confirm';

export interface Editing {
  /** Whether leaving would lose something. */
  readonly dirty: () => boolean;
}

export const keepUnsavedChanges: CanDeactivateFn<Editing> = (page) =>
  !page.dirty() ||
  inject(Confirm).ask({
    title: 'Leave without saving?',
    text: 'What you changed on this page has not been saved.',
    confirm: 'Discard changes',
    danger: true,
  });
