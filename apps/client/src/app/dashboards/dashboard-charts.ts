/** The results of a dashboard's charts, all loaded by one request, or some of them again when what they read was published. */
import { Injectable, computed, inject, signal } from '@angular/core';
import type { ChartResult, Fault, MixedGenerations, QueryResult } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem } from '../api/api-problem';

export interface ChartState {
  /** What was read last; stays while a newer one is on its way, and when that failed to arrive. */
  result: QueryResult | null;
  error: Fault | null;
  loading: boolean;
}

export const unloaded: ChartState = { result: null, error: null, loading: true };

const isFailure = (result: ChartResult): result is Extract<ChartResult, { error: unknown }> =>
  'error' in result;

/** Provided by the page of one dashboard. */
@Injectable()
export class DashboardCharts {
  readonly #api = inject(Api);
  readonly #states = signal<Readonly<Record<string, ChartState>>>({});
  /** Chart id → the latest request for it; an answer to an older one comes too late. */
  readonly #latest = new Map<string, number>();
  #requests = 0;

  readonly #mixed = signal<MixedGenerations | null>(null);

  readonly states = this.#states.asReadonly();
  /** Charts of the last whole load contain different runs of one source. */
  readonly mixed = this.#mixed.asReadonly();
  readonly loading = computed(() => Object.values(this.#states()).some((state) => state.loading));

  /** Charts whose rows come from any of these models; those without a result may, so they count as well. */
  reading(modelIds: ReadonlySet<string>): string[] {
    return Object.entries(this.#states()).flatMap(([chartId, { result }]) =>
      result === null || Object.keys(result.versions).some((modelId) => modelIds.has(modelId))
        ? [chartId]
        : [],
    );
  }

  /** Charts that read tables of this source without any model between. */
  readingTablesOf(sourceId: string): string[] {
    return Object.entries(this.#states()).flatMap(([chartId, { result }]) =>
      result !== null &&
      Object.keys(result.versions).length === 0 &&
      result.asOf.some((part) => part.sourceId === sourceId)
        ? [chartId]
        : [],
    );
  }

  /**
   * Reads these charts from one consistent set of versions; `fresh` passes by the caches, `asOf` reads what was
   * published at that moment.
   * Resolves to the ids that have a new result; never rejects, since each chart shows its own error.
   */
  async load(
    dashboardId: string,
    chartIds: readonly string[],
    { fresh = false, asOf = null }: { fresh?: boolean; asOf?: string | null } = {},
  ): Promise<string[]> {
    const request = ++this.#requests;
    for (const id of chartIds) this.#latest.set(id, request);
    this.#change(chartIds, (state) => ({ ...state, loading: true }));
    const mine = (): string[] => chartIds.filter((id) => this.#latest.get(id) === request);
    try {
      const data = await this.#api.call('loadDashboard', {
        params: { id: dashboardId },
        body: { charts: [...chartIds], fresh, ...(asOf !== null && { asOf }) },
      });
      if (chartIds.length === Object.keys(this.#states()).length) this.#mixed.set(data.mixed);
      const asked = mine();
      this.#change(asked, (state, id) => settled(state, data.results[id]));
      return asked.filter((id) => this.#states()[id]?.error === null);
    } catch (error) {
      const { code, detail, action } = toApiProblem(error);
      this.#change(mine(), (state) => ({
        ...state,
        loading: false,
        error: { code, message: detail, action },
      }));
      return [];
    }
  }

  /** Forgets charts that are no longer there. */
  keep(chartIds: readonly string[]): void {
    this.#states.update((states) =>
      Object.fromEntries(Object.entries(states).filter(([id]) => chartIds.includes(id))),
    );
  }

  #change(ids: readonly string[], change: (state: ChartState, id: string) => ChartState): void {
    this.#states.update((states) => ({
      ...states,
      ...Object.fromEntries(ids.map((id) => [id, change(states[id] ?? unloaded, id)])),
    }));
  }
}

const settled = (before: ChartState, result: ChartResult | undefined): ChartState => {
  if (result === undefined) {
    return {
      ...before,
      loading: false,
      error: {
        code: 'not_found',
        message: 'This chart is no longer on the dashboard.',
        action: 'Reload the page.',
      },
    };
  }
  // A query's own error replaces the numbers: they would no longer be what the chart asks for.
  return isFailure(result)
    ? { result: null, error: result.error, loading: false }
    : { result, error: null, loading: false };
};
