/** Where a model stands: what it contains as of when, what it reads, and what reads it. */
import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { Model } from '@freshet/contracts';
import { apiResource } from '../api/api-resource';
import { Ago } from '../time/ago';

@Component({
  selector: 'fr-model-facts',
  imports: [Ago, MatIcon, RouterLink],
  templateUrl: './model-facts.html',
  styleUrl: './model-facts.scss',
})
export class ModelFacts {
  readonly projectId = input.required<string>();
  readonly model = input.required<Model>();
  readonly #sources = apiResource('listSources', () => ({
    params: { projectId: this.projectId() },
    query: { limit: 200 },
  }));

  protected readonly contains = computed(() => {
    const sources = this.#sources.value()?.items;
    return this.model().asOf.map((part) => ({
      ...part,
      name: sources ? (sources.find(({ id }) => id === part.sourceId)?.name ?? 'a deleted source') : '…',
    }));
  });
  /** What it reads, with the revision that was built in and the present one when they differ. */
  protected readonly reads = computed(() => {
    const { upstream, inputs } = this.model();
    const revision = (kind: string, name: string) =>
      inputs.find((input) => input.kind === kind && input.name === name);
    const moved = (kind: string, name: string): string | null => {
      const at = revision(kind, name);
      return at && at.built !== at.current
        ? `${at.built === null ? 'new' : String(at.built)} → ${at.current === null ? 'gone' : String(at.current)}`
        : null;
    };
    return [
      ...upstream.tables.map(({ name, sourceId }) => ({
        name,
        icon: 'table' as const,
        link: ['/p', this.projectId(), 'sources', sourceId],
        moved: moved('table', name),
      })),
      ...upstream.models.map(({ name, id }) => ({
        name,
        icon: 'model' as const,
        link: ['/p', this.projectId(), 'models', id],
        moved: moved('model', name),
      })),
    ];
  });
  protected readonly readers = computed(() => {
    const { downstream, dashboards } = this.model();
    return [
      ...downstream.map(({ id, name }) => ({
        name,
        icon: 'model' as const,
        link: ['/p', this.projectId(), 'models', id],
      })),
      ...dashboards.map(({ id, name }) => ({
        name,
        icon: 'dashboard' as const,
        link: ['/p', this.projectId(), 'dashboards', id],
      })),
    ];
  });
}
