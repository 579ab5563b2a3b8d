/** The tables a source brought: how many rows, how large, which columns, and the way to build a model on them. */
import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { apiResource } from '../../api/api-resource';
import { EmptyState } from '../../empty-state/empty-state';
import { ProblemPanel } from '../../problem/problem-panel';
import { Session } from '../../session/session';
import { Skeleton } from '../../skeleton/skeleton';
import { BytesPipe, CountPipe, CountedPipe } from '../../time/number-pipes';
import { CurrentSource } from '../current-source';

@Component({
  imports: [
    BytesPipe,
    CountPipe,
    CountedPipe,
    EmptyState,
    MatButton,
    MatIcon,
    ProblemPanel,
    RouterLink,
    Skeleton,
  ],
  templateUrl: './source-tables.html',
  styleUrl: './source-tables.scss',
})
export class SourceTables {
  readonly projectId = input.required<string>();
  protected readonly current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly tables = apiResource(
    'listSourceTables',
    () => ({ params: { id: this.current.id() } }),
    this.current.changes,
  );
}
