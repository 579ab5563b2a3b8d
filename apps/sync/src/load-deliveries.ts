/** Loads what a vendor sent by itself: added or updated by key, whatever the stream's own mode replaces. */
import type { Batch } from '@freshet/connectors';
import {
  forgetDeliveries,
  listDeliveries,
  type ControlPlane,
  type WaitingDelivery,
} from '@freshet/persistence';
import type { Row } from '@freshet/warehouse';
import type { Write } from './load-stream';
import { Part } from './read-parts';
import { sameColumns } from './prepare-table';
import type { StreamLoad } from './stream-load';

export const loadDeliveries = async (plane: ControlPlane, load: StreamLoad, write: Write): Promise<void> => {
  const { run, stream } = load;
  for (let after = '0'; ;) {
    const waiting = await listDeliveries(plane.system, run.sourceId, stream.name, after);
    const together = firstAlike(waiting);
    const last = together.at(-1);
    if (!last) return;
    after = last.id;
    await write({
      part: partOf(together),
      mode: stream.key.length ? 'upsert' : 'append',
      days: null,
      share: () => null,
      remember: ({ checkpoint }) => ({ checkpoint, state: null }),
      beside: (sql) =>
        forgetDeliveries(
          sql,
          together.map(({ id }) => id),
        ),
    });
  }
};

/** Those at the head that have the same columns. */
const firstAlike = (waiting: readonly WaitingDelivery[]): WaitingDelivery[] => {
  const columns = waiting[0]?.columns ?? [];
  const other = waiting.findIndex((delivery) => !sameColumns(delivery.columns, columns));
  return waiting.slice(0, other < 0 ? undefined : other);
};

const partOf = (deliveries: readonly WaitingDelivery[]): Part => {
  const rows = deliveries.flatMap((delivery) => delivery.rows) as Batch['rows'];
  const columns = (deliveries[0]?.columns ?? []) as Batch['columns'];
  const batch: Batch = { columns, rows, rejects: [], checkpoint: null, progress: null, notModified: false };
  return new Part(
    batch,
    async function* () {
      yield rows as readonly Row[];
    },
    () => Promise.resolve(),
  );
};
