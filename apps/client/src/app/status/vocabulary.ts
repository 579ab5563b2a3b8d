/** The one vocabulary of states: an icon, a word and a tone for each, the same on every page; never a colour alone. */
import type { CascadeItemState, Fault, Freshness, Model, Refresh, Source, SyncRun } from '@freshet/contracts';
import type { IconName } from '../theme/icons';

/** How loud it is: only `danger` asks a person to act. */
export type Tone = 'good' | 'busy' | 'quiet' | 'warn' | 'danger';

export interface Status {
  icon: IconName;
  word: string;
  tone: Tone;
  /** Turns while something really moves. */
  moving?: true;
}

export const statuses = {
  fresh: { icon: 'fresh', word: 'fresh', tone: 'good' },
  late: { icon: 'late', word: 'late', tone: 'warn' },
  stale: { icon: 'stale', word: 'stale', tone: 'warn' },
  never: { icon: 'never', word: 'never synced', tone: 'quiet' },
  'not-built': { icon: 'never', word: 'not built yet', tone: 'quiet' },
  queued: { icon: 'queued', word: 'queued', tone: 'quiet' },
  running: { icon: 'sync', word: 'running', tone: 'busy', moving: true },
  refreshing: { icon: 'sync', word: 'refreshing', tone: 'busy', moving: true },
  waiting: { icon: 'hourglass', word: 'waiting', tone: 'warn' },
  held: { icon: 'pause', word: 'held', tone: 'danger' },
  paused: { icon: 'pause', word: 'paused', tone: 'quiet' },
  'will-retry': { icon: 'retry', word: 'failed, will retry', tone: 'warn' },
  'needs-you': { icon: 'error', word: 'failed, needs you', tone: 'danger' },
  reconnect: { icon: 'link', word: 'needs reconnecting', tone: 'danger' },
  completed: { icon: 'check', word: 'completed', tone: 'good' },
  published: { icon: 'check', word: 'published', tone: 'good' },
  unchanged: { icon: 'unchanged', word: 'unchanged', tone: 'quiet' },
  built: { icon: 'hourglass', word: 'built, waits for the others', tone: 'busy' },
  shadow: { icon: 'eye-off', word: 'kept aside', tone: 'quiet' },
  'dry-run': { icon: 'eye', word: 'dry run', tone: 'quiet' },
  retired: { icon: 'history', word: 'retired', tone: 'quiet' },
  skipped: { icon: 'skipped', word: 'skipped', tone: 'quiet' },
  cancelled: { icon: 'cancel', word: 'cancelled', tone: 'quiet' },
} as const satisfies Record<string, Status>;

export type StatusName = keyof typeof statuses;

/** Failures that pass by themselves, so that nobody has to come. */
const passing = new Set([
  'source_unreachable',
  'source_quota',
  'source_changed',
  'too_many_requests',
  'unavailable',
  'internal',
  'input_not_built',
]);

export const failure = (error: Pick<Fault, 'code'> | null): StatusName =>
  error !== null && passing.has(error.code) ? 'will-retry' : 'needs-you';

export const freshnessStatus = (freshness: Freshness): StatusName => freshness;

/** A source as a whole: what it is doing, else what is wrong with it, else how fresh it is. */
export const sourceStatus = (source: Pick<Source, 'status' | 'freshness' | 'activeRunId'>): StatusName => {
  switch (source.status) {
    case 'running':
      return 'running';
    case 'waiting':
      return 'waiting';
    case 'needs_reconnect':
      return 'reconnect';
    case 'failed':
      return 'needs-you';
    case 'paused':
      return 'paused';
    case 'idle':
      return source.activeRunId === null ? source.freshness : 'queued';
  }
};

export const runStatus = (run: Pick<SyncRun, 'status' | 'held' | 'error'>): StatusName => {
  if (run.status === 'failed') return failure(run.error);
  return run.status === 'completed' && run.held ? 'held' : run.status;
};

/** A model as a whole, as `sourceStatus`. */
export const modelStatus = (model: Pick<Model, 'status' | 'freshness' | 'error' | 'version'>): StatusName => {
  if (model.status === 'REFRESHING') return 'refreshing';
  if (model.status === 'QUEUED') return 'queued';
  if (model.status === 'FAILED') return failure(model.error);
  return model.version === null ? 'not-built' : model.freshness === 'never' ? 'not-built' : model.freshness;
};

export const refreshStatus = (
  refresh: Pick<Refresh, 'status' | 'published' | 'error' | 'kind' | 'version'>,
): StatusName => {
  switch (refresh.status) {
    case 'QUEUED':
      return 'queued';
    case 'RUNNING':
      return 'refreshing';
    case 'COMPLETED':
      if (refresh.kind === 'dry') return 'dry-run';
      if (refresh.published) return 'published';
      // A build that has a version and is not shown was stored beside the published one.
      return refresh.version === null ? 'unchanged' : 'shadow';
    case 'FAILED':
      return failure(refresh.error);
    case 'SKIPPED':
      return 'skipped';
    case 'CANCELLED':
      return 'cancelled';
  }
};

export const cascadeItemStatus = (state: CascadeItemState): StatusName =>
  state === 'failed'
    ? 'needs-you'
    : state === 'waiting'
      ? 'queued'
      : state === 'running'
        ? 'refreshing'
        : state;
