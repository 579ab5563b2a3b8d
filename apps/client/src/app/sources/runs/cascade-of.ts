/** Where a run led: the models of its cascade and what became of each, read when asked for. */
import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { apiResource } from '../../api/api-resource';
import { LiveUpdates } from '../../live/live-updates';
import { StatusBadge } from '../../status/status-badge';
import { cascadeItemStatus } from '../../status/vocabulary';

@Component({
  selector: 'fr-cascade-of',
  imports: [MatButton, MatIcon, RouterLink, StatusBadge],
  template: `
    <button matButton type="button" (click)="open.set(!open())" [attr.aria-expanded]="open()">
      <mat-icon svgIcon="cascade" aria-hidden="true" />{{ label() }}
    </button>
    @if (open()) {
      <ul>
        @for (item of cascade.value()?.items; track item.modelId) {
          <li>
            <fr-status [of]="status(item.state)" [plain]="true" />
            <a [routerLink]="['/p', projectId(), 'models', item.modelId]">{{ item.modelName }}</a>
            @if (item.why && item.state !== 'published') {
              <span>{{ item.why }}</span>
            }
          </li>
        } @empty {
          <li>
            {{
              cascade.problem()?.detail ?? (cascade.loading() ? 'Loading …' : 'No model reads what changed.')
            }}
          </li>
        }
      </ul>
      <a class="timeline" [routerLink]="['/p', projectId(), 'cascades', cascadeId()]">Timeline</a>
    }
  `,
  styles: `
    button {
      height: 28px;
      min-height: 0;
      margin: -4px -12px;
    }
    ul {
      display: grid;
      gap: 4px;
      margin: 8px 0 4px;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 10px;
      align-items: center;
    }
    span {
      color: var(--fr-ink-muted);
    }
    @media (max-width: 959px) {
      button {
        height: 44px;
        margin: -8px -12px;
      }
      li a {
        padding: 10px 0;
      }
    }
  `,
})
export class CascadeOf {
  readonly cascadeId = input.required<string>();
  readonly projectId = input.required<string>();
  protected readonly open = signal(false);
  protected readonly status = cascadeItemStatus;
  protected readonly cascade = apiResource(
    'getCascade',
    () => (this.open() ? { params: { id: this.cascadeId() } } : undefined),
    inject(LiveUpdates).changes(
      ['model:refresh:started', 'model:refresh:completed', 'model:refresh:failed', 'model:refresh:skipped'],
      () => this.open(),
    ),
  );
  protected readonly label = computed(() => {
    const items = this.cascade.value()?.items;
    return items ? `cascade: ${items.length === 1 ? '1 model' : `${items.length} models`}` : 'cascade';
  });
}
