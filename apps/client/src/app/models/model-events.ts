/** The live events after which a model may look different. */
import type { SocketEventName } from '@freshet/contracts';

export const modelEvents = [
  'model:refresh:queued',
  'model:refresh:started',
  'model:refresh:completed',
  'model:refresh:failed',
  'model:refresh:skipped',
  'model:refresh:cancelled',
  'model:published',
  'resource:changed',
  'freshness:changed',
] as const satisfies readonly SocketEventName[];
