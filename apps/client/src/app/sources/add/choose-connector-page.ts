/** First step of adding a source: which kind. */
import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { apiResource } from '../../api/api-resource';
import { Breadcrumb } from '../../breadcrumb/breadcrumb';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { connectorIcon } from '../connector-icon';

@Component({
  imports: [Breadcrumb, MatIcon, ProblemPanel, RouterLink, Skeleton],
  templateUrl: './choose-connector-page.html',
  styleUrl: './choose-connector-page.scss',
})
export class ChooseConnectorPage {
  readonly projectId = input.required<string>();
  protected readonly connectors = apiResource('listConnectors', () => ({ params: {} }));
  protected readonly icon = connectorIcon;
}
