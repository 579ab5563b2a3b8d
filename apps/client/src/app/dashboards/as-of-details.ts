/** What a chart's numbers contain: which sync of each source, which version of each model, and when it was read. */
import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { QueryResult } from '@freshet/contracts';
import { apiResource } from '../api/api-resource';
import { provisionalSentence } from '../charts/provisional';
import { Skeleton } from '../skeleton/skeleton';
import { Ago } from '../time/ago';
import { exactTime } from '../time/describe-time';

@Component({
  selector: 'fr-as-of-details',
  imports: [Ago, RouterLink, Skeleton],
  templateUrl: './as-of-details.html',
  styleUrl: './as-of-details.scss',
})
export class AsOfDetails {
  readonly projectId = input.required<string>();
  readonly result = input.required<QueryResult>();
  readonly modelNames = input<Readonly<Record<string, string>>>({});

  /** Read when somebody looks: names of sources are not part of a result. */
  readonly #sources = apiResource('listSources', () => ({
    params: { projectId: this.projectId() },
    query: { limit: 200 },
  }));

  protected readonly parts = computed(() => {
    const sources = this.#sources.value()?.items ?? [];
    return this.result().asOf.map((part) => ({
      ...part,
      name: sources.find(({ id }) => id === part.sourceId)?.name ?? null,
    }));
  });
  protected readonly namesKnown = computed(() => !this.#sources.loading());
  protected readonly versions = computed(() =>
    Object.entries(this.result().versions).map(([id, version]) => ({
      id,
      version,
      name: this.modelNames()[id] ?? 'a model',
    })),
  );
  protected readonly provisional = provisionalSentence;
  protected readonly generated = computed(() => exactTime(this.result().generatedAt));
  protected readonly sourceSentence = computed(() => sourceSentences[this.result().source]);
}

export const sourceSentences: Record<QueryResult['source'], string> = {
  live: 'Read from the database just then.',
  cache: 'An earlier result of the same query over the same versions; nothing has changed since.',
  fallback: 'The database could not be reached: this is the last good result and may be out of date.',
};
