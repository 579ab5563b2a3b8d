/** First step of adding a source: which kind. */
import { Component, computed, input } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatFormField, MatLabel, MatPrefix } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { RouterLink } from '@angular/router';
import { apiResource } from '../../api/api-resource';
import { Breadcrumb } from '../../breadcrumb/breadcrumb';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { connectorIcon } from '../connector-icon';
import { connectorGroups, findConnectors } from './connector-groups';

/** From so many on, looking is slower than typing. */
const searchedFrom = 9;

@Component({
  imports: [
    Breadcrumb,
    MatFormField,
    MatIcon,
    MatInput,
    MatLabel,
    MatPrefix,
    ProblemPanel,
    ReactiveFormsModule,
    RouterLink,
    Skeleton,
  ],
  templateUrl: './choose-connector-page.html',
  styleUrl: './choose-connector-page.scss',
})
export class ChooseConnectorPage {
  readonly projectId = input.required<string>();
  protected readonly connectors = apiResource('listConnectors', () => ({ params: {} }));
  protected readonly icon = connectorIcon;
  protected readonly search = new FormControl('', { nonNullable: true });
  readonly #words = toSignal(this.search.valueChanges, { initialValue: '' });
  readonly #all = computed(() => this.connectors.value()?.items ?? []);
  protected readonly isLong = computed(() => this.#all().length >= searchedFrom);
  protected readonly groups = computed(() => connectorGroups(findConnectors(this.#all(), this.#words())));
}
