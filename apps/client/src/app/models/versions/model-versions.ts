/** The versions of a model that are kept, newest first: what each is, how it differs from what is shown, and the way back to it. */
import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { Model, ModelVersion } from '@freshet/contracts';
import { apiResource } from '../../api/api-resource';
import { ProblemPanel } from '../../problem/problem-panel';
import { Session } from '../../session/session';
import { Skeleton } from '../../skeleton/skeleton';
import { StatusBadge } from '../../status/status-badge';
import type { StatusName } from '../../status/vocabulary';
import { Ago } from '../../time/ago';
import { BytesPipe, CountPipe } from '../../time/number-pipes';
import { VersionChanges } from './version-changes';
import { VersionDiffDialog, type Compared } from './version-diff-dialog';

const states: Record<ModelVersion['state'], StatusName> = {
  live: 'published',
  retired: 'retired',
  shadow: 'shadow',
  candidate: 'built',
};

@Component({
  selector: 'fr-model-versions',
  imports: [Ago, BytesPipe, CountPipe, MatButton, ProblemPanel, Skeleton, StatusBadge],
  templateUrl: './model-versions.html',
  styleUrls: ['../dense-table.scss', './model-versions.scss'],
})
export class ModelVersions {
  readonly model = input.required<Model>();
  /** Grows when there may be other versions. */
  readonly changes = input.required<number>();
  /** The model after a change that was made here. */
  readonly changed = output<Model>();

  protected readonly session = inject(Session);
  protected readonly actions = inject(VersionChanges);
  readonly #dialog = inject(MatDialog);
  protected readonly versions = apiResource(
    'listModelVersions',
    () => ({ params: { id: this.model().id } }),
    () => this.changes(),
  );

  protected readonly status = ({ state }: ModelVersion): StatusName => states[state];

  protected failedGuards({ guards }: ModelVersion): number {
    return guards.filter(({ ok }) => !ok).length;
  }

  protected compare(version: number): void {
    const { id, name, version: shown } = this.model();
    if (shown === null) return;
    const data: Compared = {
      modelId: id,
      name,
      from: Math.min(shown, version),
      to: Math.max(shown, version),
    };
    this.#dialog.open(VersionDiffDialog, { data, width: '960px', maxWidth: 'calc(100vw - 32px)' });
  }

  protected async rollBack(version: number): Promise<void> {
    this.#tell(await this.actions.rollBack(this.model(), version));
  }

  protected async promote(version: number): Promise<void> {
    this.#tell(await this.actions.promote(this.model(), version));
  }

  #tell(model: Model | null): void {
    if (!model) return;
    this.changed.emit(model);
    this.versions.reload();
  }
}
