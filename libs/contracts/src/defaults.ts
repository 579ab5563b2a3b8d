/** Every configurable default of Freshet, in one place. Durations are milliseconds, sizes bytes, unless the name says otherwise. */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const megabyte = 1024 * 1024;

export const defaults = {
  /** Work whose lease is this old is taken to be dead, and taken over. A lease is renewed several times within its length. */
  lease: 15 * second,
  refresh: {
    /** Refreshes that may run at once across all processes (hard cap). */
    slots: 3,
    /** How long a model may be held back by an owed upstream model or a syncing source. */
    maxWait: minute,
    /** The decision to begin is at most this old when a refresh begins, whatever stood still meanwhile. */
    look: 2 * second,
    attempts: 3,
    backoff: [2 * second, 8 * second],
    /** Attempts in a row that ended with their process, on the same inputs, after which it waits for a person. */
    interruptions: 8,
  },
  sync: {
    attempts: 4,
    backoff: [1 * second, 2 * second, 4 * second],
    progressInterval: 2 * second,
    requestTimeout: minute,
    firstWindowDays: 90,
    rejects: { share: 0.01, rows: 1_000 },
    /** Nothing where the last `days` of that weekday had some, or less than `share` of their median of at least `rows`. */
    silentFailure: { days: 4, share: 0.5, rows: 100 },
    /** A run that waits for its vendor longer than this without getting anything gives up. */
    longestWait: 7 * day,
    /** How often a slice is read again when its vendor forgot or changed it midway. */
    rereads: 3,
  },
  versions: { keep: 3, keepFor: 10 * minute },
  statementTimeout: { model: 10 * minute, chart: 30 * second, preview: 10 * second },
  chart: { rows: 10_000, bytes: 32 * megabyte },
  preview: { rows: 100 },
  /** Characters of one query. */
  queryLength: 50_000,
  limitsPerHour: { syncsPerSource: 10, modelRefreshes: 20, cascades: 5 },
  /** `late` begins at interval + max(share × interval, least), `stale` at `staleFactor` × that. */
  freshness: {
    lateShare: 0.25,
    lateLeast: 10 * minute,
    staleFactor: 2,
    withoutSchedule: { api: day, file: 7 * day },
  },
  dashboard: { coalesce: 5 * second, clockDependentCache: 30 * second },
  lists: { limit: 50, max: 200 },
  retention: { rawArchiveDays: 30, historyDays: 180, auditDays: 730 },
  session: { lasts: 14 * day },
  /** Gateways tell each room its `seq` this often, so that a lost message repairs itself. */
  seqHeartbeat: 5 * second,
  /** The scheduler asks the dispatcher this often, whatever events arrived. */
  dispatchInterval: second,
} as const;
