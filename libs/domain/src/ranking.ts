/** Who goes first among the ready: by class, then fairly between organizations, then open dashboards, then the longest wait. */
import {
  priorityClass as classes,
  refreshPriority,
  type RefreshKind,
  type RefreshTrigger,
  type SyncTrigger,
} from '@freshet/contracts';
import type { ModelState, RefreshClass } from './cascade-state';

/** A model that can be refreshed now, and what for. */
export interface Runnable {
  model: ModelState;
  kind: RefreshKind;
}

export interface ReadyModel {
  modelId: string;
  organizationId: string;
  projectId: string;
  /** `live` when it is owed; else what its oldest waiting ask is for. The worker looks again which it is. */
  kind: RefreshKind;
  priorityClass: RefreshClass;
  /** 1 for the organization's first; each of its running refreshes pushes it back by one. */
  rankInOrganization: number;
  /** BullMQ priority (1 is the highest): class × 1000 + min(rank, 999). */
  priority: number;
}

const classOf: Record<RefreshTrigger | SyncTrigger, RefreshClass> = {
  user: classes.user,
  api: classes.user,
  schedule: classes.schedule,
  smart: classes.schedule,
  webhook: classes.schedule,
  cascade: classes.cascade,
};

/** The class of a refresh request, by what caused it. */
export const classOfTrigger = (trigger: RefreshTrigger | SyncTrigger): RefreshClass => classOf[trigger];

/** The class in which a model runs: that of its best open request, else the cascade's. One-off asks are always a person's. */
export const refreshClass = (
  model: Pick<ModelState, 'requestClass'>,
  kind: RefreshKind = 'live',
): RefreshClass => (kind === 'live' ? (model.requestClass ?? classes.cascade) : classes.user);

type Comparison = (a: Runnable, b: Runnable) => number;

/** Numeric order for numeric ids; the last word, so that the plan doesn't depend on the order of the rows. */
const byId: Comparison = ({ model: a }, { model: b }) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1);

/**
 * Within an organization by class, open dashboards and waiting time; between organizations by the rank that results,
 * so that one with a thousand models and one with a single model take turns.
 */
export function rankReady(
  runnables: Runnable[],
  watched: ReadonlySet<string>,
  running: ReadonlyMap<string, number>,
  now: number,
): ReadyModel[] {
  const waitingFrom = ({ model, kind }: Runnable): number =>
    (kind === 'live' ? (model.requestedAt ?? model.owedSince) : model.asks[0]?.requestedAt) ?? now;
  const byUrgency: Comparison = (a, b) =>
    refreshClass(a.model, a.kind) - refreshClass(b.model, b.kind) ||
    Number(watched.has(b.model.id)) - Number(watched.has(a.model.id)) ||
    waitingFrom(a) - waitingFrom(b) ||
    byId(a, b);
  const ranks = new Map(running);
  return [...runnables]
    .sort(byUrgency)
    .map(({ model, kind }) => {
      const { id: modelId, organizationId, projectId } = model;
      const rankInOrganization = (ranks.get(organizationId) ?? 0) + 1;
      ranks.set(organizationId, rankInOrganization);
      const priorityClass = refreshClass(model, kind);
      const priority = refreshPriority(priorityClass, rankInOrganization);
      return { modelId, organizationId, projectId, kind, priorityClass, rankInOrganization, priority };
    })
    .sort((a, b) => a.priority - b.priority);
}
