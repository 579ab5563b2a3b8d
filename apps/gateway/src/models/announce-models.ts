/** Tells whoever looks at a project that models changed, and has worked out what is owed now (flow.ts: `model.changed`). */
import type { RenameRepair } from '@freshet/contracts';
import { askDispatch, emitEvents, type NewEvent, type Sql } from '@freshet/persistence';

export const changed = (kind: 'model' | 'dashboard', id: string): NewEvent => ({
  name: 'resource:changed',
  payload: { kind, id, deleted: false },
});

/** Of the queries into which a new name was written. */
export const eventsOf = (repaired: RenameRepair | null): NewEvent[] => [
  ...(repaired?.models ?? []).map(({ id }) => changed('model', id)),
  ...[...new Set((repaired?.charts ?? []).map(({ dashboardId }) => dashboardId))].map((id) =>
    changed('dashboard', id),
  ),
];

/** In a transaction; the last thing it does. */
export const announce = async (sql: Sql, projectId: string, events: NewEvent[]): Promise<void> => {
  await askDispatch(sql, projectId);
  await emitEvents(sql, projectId, events);
};
