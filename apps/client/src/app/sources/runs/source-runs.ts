/** The history of a source: every run, newest first, growing by itself. */
import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { pagedResource } from '../../api/paged-resource';
import { EmptyState } from '../../empty-state/empty-state';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { CurrentSource } from '../current-source';
import { RunRow } from './run-row';

@Component({
  imports: [EmptyState, MatButton, ProblemPanel, RunRow, Skeleton],
  templateUrl: './source-runs.html',
  styleUrl: './source-runs.scss',
})
export class SourceRuns {
  readonly projectId = input.required<string>();
  protected readonly current = inject(CurrentSource);
  protected readonly runs = pagedResource('listSourceRuns', () => ({ params: { id: this.current.id() } }), {
    limit: 20,
    reloadOn: this.current.changes,
  });
}
