/** What became of a refresh, in words. */
import type { Refresh } from '@freshet/contracts';
import { count, counted } from '../../time/describe-number';

type Counts = Pick<Refresh, 'rowsAdded' | 'rowsRemoved' | 'rowsChanged'>;

/** Rows that a refresh added, removed or changed; null for a first build, and when they were not counted. */
export const rowsChanged = ({
  rowsBefore,
  rowsAdded,
  rowsRemoved,
  rowsChanged: changed,
}: Counts & Pick<Refresh, 'rowsBefore'>): number | null =>
  rowsBefore === null || (rowsAdded === null && rowsRemoved === null && changed === null)
    ? null
    : (rowsAdded ?? 0) + (rowsRemoved ?? 0) + (changed ?? 0);

/** `+12 −3 ~297`; empty when nothing was counted. */
export const rowDelta = ({ rowsAdded, rowsRemoved, rowsChanged: changed }: Counts): string =>
  [
    rowsAdded ? `+${count(rowsAdded)}` : '',
    rowsRemoved ? `−${count(rowsRemoved)}` : '',
    changed ? `~${count(changed)}` : '',
  ]
    .filter(Boolean)
    .join(' ');

export const triggerWords: Record<Refresh['triggeredBy'], string> = {
  user: 'by hand',
  schedule: 'schedule',
  cascade: 'cascade',
  api: 'API',
};

/** `published v19 with 18,952 rows (+12 ~3)`, for a toast after the model's name. */
export const refreshSentence = (
  refresh: Pick<Refresh, 'kind' | 'status' | 'published' | 'version' | 'rowsAfter' | 'error' | 'why'> &
    Counts,
): string => {
  switch (refresh.status) {
    case 'COMPLETED': {
      const delta = rowDelta(refresh);
      const counts = `${counted(refresh.rowsAfter ?? 0, 'row')}${delta ? ` (${delta})` : ''}`;
      if (refresh.kind === 'dry') return `the dry run gave ${counts}; nothing was kept`;
      if (!refresh.published && refresh.version !== null)
        return `v${String(refresh.version)} with ${counts} was built and kept aside`;
      if (!refresh.published) return 'refreshed, the result is unchanged';
      return `published v${String(refresh.version ?? '?')} with ${counts}`;
    }
    case 'FAILED':
      return `refresh failed. ${refresh.error?.message ?? ''}`.trim();
    case 'SKIPPED':
      return `refresh skipped. ${refresh.why}`;
    case 'CANCELLED':
      return 'refresh cancelled';
    case 'QUEUED':
    case 'RUNNING':
      return 'refresh under way';
  }
};
