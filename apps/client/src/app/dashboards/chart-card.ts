/** One chart on a dashboard: its numbers, how fresh they are and where from, its own spinner and its own error. */
import { CdkConnectedOverlay, CdkOverlayOrigin } from '@angular/cdk/overlay';
import { CdkTrapFocus } from '@angular/cdk/a11y';
import { Component, computed, input, output, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';
import type { Chart } from '@freshet/contracts';
import { ChartView } from '../charts/chart-view';
import { ProblemPanel } from '../problem/problem-panel';
import { Skeleton } from '../skeleton/skeleton';
import { Ago } from '../time/ago';
import { AsOfDetails, sourceSentences } from './as-of-details';
import { unloaded, type ChartState } from './dashboard-charts';

@Component({
  selector: 'fr-chart-card',
  imports: [
    Ago,
    AsOfDetails,
    CdkConnectedOverlay,
    CdkOverlayOrigin,
    CdkTrapFocus,
    ChartView,
    MatIcon,
    MatIconButton,
    MatTooltip,
    ProblemPanel,
    Skeleton,
  ],
  templateUrl: './chart-card.html',
  styleUrl: './chart-card.scss',
  host: {
    'data-testid': 'chart',
    '[attr.data-chart-id]': 'chart().id',
    '[attr.data-chart-type]': 'chart().type',
    '[attr.data-versions]': 'versions()',
    '[attr.data-generated-at]': 'state().result?.generatedAt ?? null',
    '[attr.data-source]': 'state().result?.source ?? null',
    '[attr.aria-busy]': 'state().loading',
  },
})
export class ChartCard {
  readonly projectId = input.required<string>();
  readonly chart = input.required<Chart>();
  readonly state = input<ChartState>(unloaded);
  readonly modelNames = input<Readonly<Record<string, string>>>({});
  readonly refresh = output();

  protected readonly asTable = signal(false);
  protected readonly detailsOpen = signal(false);
  protected readonly canBeTable = computed(
    () => this.chart().type !== 'table' && this.state().result !== null,
  );
  protected readonly versions = computed(() => {
    const result = this.state().result;
    return result ? JSON.stringify(result.versions) : null;
  });
  protected readonly origin = computed(() => {
    const result = this.state().result;
    return (
      result && { word: result.source, sentence: sourceSentences[result.source], at: result.generatedAt }
    );
  });
}
