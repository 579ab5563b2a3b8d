/** What happened, in the past tense: the events that reach clients over the socket (spec RT1). They carry ids, versions, status and progress only. */
import { z } from 'zod';
import { freshness } from './states';

const id = z.string();
const sync = z.object({ sourceId: id, runId: id });
const refresh = z.object({ modelId: id, refreshId: id });

export const socketEvents = {
  'sync:queued': sync,
  'sync:started': sync,
  /** `progress` is 0–1, or null while the total is unknown; then `rows` is all there is to show. */
  'sync:progress': sync.extend({
    progress: z.number().nullable(),
    rows: z.number(),
    stream: z.string().nullable(),
  }),
  'sync:waiting': sync.extend({ until: z.string() }),
  'sync:completed': sync.extend({ changed: z.boolean() }),
  'sync:failed': sync,
  'sync:cancelled': sync,
  'sync:held': sync,
  'model:refresh:queued': refresh,
  'model:refresh:started': refresh,
  'model:refresh:completed': refresh.extend({ published: z.boolean(), version: z.number() }),
  'model:refresh:failed': refresh,
  'model:refresh:skipped': refresh,
  'model:refresh:cancelled': refresh,
  'model:published': z.object({
    modelId: id,
    version: z.number(),
    cause: z.object({ refreshId: id, sourceId: id.nullable(), cascadeId: id.nullable() }),
  }),
  /** A source, model or dashboard was created, edited or deleted. */
  'resource:changed': z.object({ kind: z.enum(['source', 'model', 'dashboard']), id, deleted: z.boolean() }),
  'freshness:changed': z.object({ kind: z.enum(['source', 'model']), id, freshness }),
} as const;

export type SocketEvents = typeof socketEvents;
export type SocketEventName = keyof SocketEvents;
export type SocketEventPayload<N extends SocketEventName> = z.infer<SocketEvents[N]>;

/** An event as it travels: with its place in the project's order. Progress has none: a newer one replaces it. */
export interface ProjectEvent<N extends SocketEventName = SocketEventName> {
  name: N;
  projectId: string;
  seq: number | null;
  payload: SocketEventPayload<N>;
  at: string;
}

/** PostgreSQL NOTIFY channels between services; payloads are small. */
export const channels = {
  /** `{projectId, seq}` of a committed event. */
  events: 'freshet_events',
  /** A whole `ProjectEvent` of progress, not stored. */
  progress: 'freshet_progress',
  /** A project's id: work out what its models are owed. Sent in the transaction that changed something, so that it is never lost alone. */
  dispatch: 'freshet_dispatch',
  /** `{runId}` or `{refreshId}` to stop. */
  cancel: 'freshet_cancel',
} as const;
