/** The versions of a model that are kept, newest first. */
import { Component, input } from '@angular/core';
import { apiResource } from '../api/api-resource';
import { ProblemPanel } from '../problem/problem-panel';
import { Skeleton } from '../skeleton/skeleton';
import { StatusBadge } from '../status/status-badge';
import { Ago } from '../time/ago';
import { BytesPipe, CountPipe } from '../time/number-pipes';

@Component({
  selector: 'fr-model-versions',
  imports: [Ago, BytesPipe, CountPipe, ProblemPanel, Skeleton, StatusBadge],
  template: `
    @if (versions.problem(); as problem) {
      <fr-problem [trouble]="problem" [retry]="true" (again)="versions.reload()" />
    }
    @if (versions.value(); as page) {
      <div class="scroll" tabindex="0" role="region" aria-label="Versions">
        <table>
          <caption class="fr-unseen">
            Versions of this model
          </caption>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col" class="number">Rows</th>
              <th scope="col" class="number">Size</th>
              <th scope="col" class="number">Columns</th>
              <th scope="col">Built</th>
            </tr>
          </thead>
          <tbody>
            @for (version of page.items; track version.version) {
              <tr>
                <th scope="row">v{{ version.version }}</th>
                <td>
                  @if (version.published) {
                    <fr-status of="published" [plain]="true" />
                  } @else {
                    retired <fr-ago [at]="version.retiredAt" never="" />
                  }
                </td>
                <td class="number">{{ version.rowCount | count }}</td>
                <td class="number">{{ version.bytes | bytes }}</td>
                <td class="number">{{ version.columns.length }}</td>
                <td><fr-ago [at]="version.builtAt" /></td>
              </tr>
            } @empty {
              <tr>
                <td colspan="6" class="none">No version yet: the first build has not been published.</td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    } @else if (versions.loading()) {
      <fr-skeleton height="120px" />
    }
  `,
  styleUrl: './dense-table.scss',
})
export class ModelVersions {
  readonly modelId = input.required<string>();
  /** Grows when there may be other versions. */
  readonly changes = input.required<number>();
  protected readonly versions = apiResource(
    'listModelVersions',
    () => ({ params: { id: this.modelId() } }),
    () => this.changes(),
  );
}
