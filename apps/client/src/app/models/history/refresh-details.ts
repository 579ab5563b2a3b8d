/** One refresh, opened: guards with the rows they found, the plan, how the result differs, and the SQL. */
import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { GuardReport, RefreshStatus } from '@freshet/contracts';
import { apiResource } from '../../api/api-resource';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { CountPipe } from '../../time/number-pipes';
import { VersionDifference } from '../versions/version-difference';
import { FoundRows } from './found-rows';

@Component({
  selector: 'fr-refresh-details',
  imports: [CountPipe, FoundRows, MatIcon, ProblemPanel, Skeleton, VersionDifference],
  templateUrl: './refresh-details.html',
  styleUrl: './refresh-details.scss',
})
export class RefreshDetails {
  readonly refreshId = input.required<string>();
  /** As the list knows it: another one means that there is more to tell. */
  readonly status = input.required<RefreshStatus>();

  protected readonly refresh = apiResource(
    'getRefresh',
    () => ({ params: { id: this.refreshId() } }),
    () => this.status(),
  );

  protected readonly verdict = ({ ok, severity }: GuardReport): 'passed' | 'warned' | 'failed' =>
    ok ? 'passed' : severity === 'warn' ? 'warned' : 'failed';
}
