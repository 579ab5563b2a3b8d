/** Says, once there is something to show, that a ready-made dashboard can be had; quiet, and gone for good when told so. */
import { DOCUMENT, Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { Source } from '@freshet/contracts';
import { apiResource } from '../../api/api-resource';
import { Session } from '../../session/session';
import { CurrentSource } from '../current-source';

const keyOf = (sourceId: string): string => `freshet.no-suggestion.${sourceId}`;

@Component({
  selector: 'fr-template-suggestion',
  imports: [MatButton, MatIcon, MatIconButton, RouterLink],
  template: `
    @if (suggested(); as template) {
      <section [attr.aria-label]="'Suggestion: ' + template.title">
        <mat-icon svgIcon="dashboard" aria-hidden="true" />
        <p>
          <strong>{{ template.title }}</strong> is ready to be added: {{ template.description }}
        </p>
        <a matButton="outlined" [routerLink]="['/p', source().projectId, 'sources', source().id, 'templates']"
          >Add {{ template.title }}</a
        >
        <button matIconButton type="button" (click)="dismiss()" aria-label="Don’t suggest this again">
          <mat-icon svgIcon="close" aria-hidden="true" />
        </button>
      </section>
    }
  `,
  styles: `
    section {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      margin-bottom: 20px;
      padding: 6px 6px 6px 16px;
      border: 1px solid var(--fr-line);
      border-radius: 12px;
    }
    mat-icon {
      flex: none;
      color: var(--fr-ink-muted);
    }
    p {
      flex: 1 1 220px;
      min-width: 0;
      margin: 0;
      color: var(--fr-ink-muted);
    }
    strong {
      color: var(--fr-ink);
      font-weight: 600;
    }
    @media (max-width: 559px) {
      section {
        padding-top: 12px;
      }
      section > mat-icon {
        display: none;
      }
      button {
        margin-left: auto;
      }
    }
  `,
})
export class TemplateSuggestion {
  readonly source = input.required<Source>();
  readonly #storage = inject(DOCUMENT).defaultView?.localStorage;
  readonly #current = inject(CurrentSource);
  readonly #mayEdit = inject(Session).mayEdit;
  readonly #dismissed = linkedSignal(() => this.#isDismissed(this.source().id));

  readonly #templates = apiResource(
    'listTemplates',
    () => {
      const { id, type, lastSyncAt } = this.source();
      const mayHaveOne = type !== 'file' && lastSyncAt !== null;
      return mayHaveOne && this.#mayEdit() && !this.#dismissed() ? { params: { id } } : undefined;
    },
    this.#current.changes,
  );
  /** The first that can be added; none once any was. */
  protected readonly suggested = computed(() => {
    const items = this.#dismissed() ? [] : (this.#templates.value()?.items ?? []);
    return items.some(({ added }) => added) ? undefined : items.find(({ obstacle }) => obstacle === null);
  });

  protected dismiss(): void {
    this.#dismissed.set(true);
    try {
      this.#storage?.setItem(keyOf(this.source().id), '1');
    } catch {
      // It is suggested again, the next time.
    }
  }

  #isDismissed(id: string): boolean {
    try {
      return this.#storage?.getItem(keyOf(id)) === '1';
    } catch {
      return false;
    }
  }
}
