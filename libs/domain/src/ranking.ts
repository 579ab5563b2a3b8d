/** Who goes first among the ready: by class, then fairly between organizations, then open dashboards, then the longest wait. */
import {
  priorityClass as classes,
  refreshPriority,
  type RefreshTrigger,
  type SyncTrigger,
} from '@freshet/contracts';
import type { ModelState, RefreshClass } from './cascade-state';

export interface ReadyModel {
  modelId: string;
  organizationId: string;
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

/** The class in which a model runs: that of its best open request, else the cascade's. */
export const refreshClass = (model: Pick<ModelState, 'requestClass'>): RefreshClass =>
  model.requestClass ?? 3;

type Comparison = (a: ModelState, b: ModelState) => number;

/** Numeric order for numeric ids; the last word, so that the plan doesn't depend on the order of the rows. */
const byId: Comparison = (a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1);

/**
 * Within an organization by class, open dashboards and waiting time; between organizations by the rank that results,
 * so that one with a thousand models and one with a single model take turns.
 */
export function rankReady(
  models: ModelState[],
  running: ReadonlyMap<string, number>,
  now: number,
): ReadyModel[] {
  const waitingFrom = (model: ModelState): number => model.requestedAt ?? model.owedSince ?? now;
  const byUrgency: Comparison = (a, b) =>
    refreshClass(a) - refreshClass(b) ||
    Number(b.watched) - Number(a.watched) ||
    waitingFrom(a) - waitingFrom(b) ||
    byId(a, b);
  const ranks = new Map(running);
  return [...models]
    .sort(byUrgency)
    .map((model) => {
      const rank = (ranks.get(model.organizationId) ?? 0) + 1;
      ranks.set(model.organizationId, rank);
      const priorityClass = refreshClass(model);
      const priority = refreshPriority(priorityClass, rank);
      const { id: modelId, organizationId } = model;
      return { modelId, organizationId, priorityClass, rankInOrganization: rank, priority };
    })
    .sort((a, b) => a.priority - b.priority);
}
