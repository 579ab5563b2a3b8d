/** A source, a run and a person, as the API gives them; specs change what they are about. */
import type { Me, Source, SyncRun } from '@freshet/contracts';

export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

export const aPerson = (change: Partial<Me> = {}): Me => ({
  kind: 'user',
  userId: 'u1',
  email: 'ada@acme.test',
  name: 'Ada',
  operator: false,
  organization: { id: 'o1', name: 'Acme', role: 'owner' },
  projects: [{ id: 'p1', name: 'Growth', slug: 'growth', organizationId: 'o1' }],
  ...change,
});

export const aSource = (change: Partial<Source> = {}): Source => ({
  id: 's1',
  projectId: 'p1',
  type: 'file',
  name: 'GA main',
  slug: 'ga_main',
  config: { url: 'https://files.test/ga.csv' },
  status: 'idle',
  statusReason: null,
  lastSyncAt: minutesAgo(125),
  freshness: 'fresh',
  schedule: { kind: 'interval', every: 60, timeZone: 'Europe/Berlin', paused: false },
  nextRunAt: null,
  activeRunId: null,
  streams: [],
  createdAt: minutesAgo(9_000),
  revision: 3,
  ...change,
});

export const noRecords = { inserted: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0 };

export const aRun = (change: Partial<SyncRun> = {}): SyncRun => ({
  id: 'r1',
  sourceId: 's1',
  status: 'completed',
  held: false,
  trigger: 'schedule',
  why: 'its schedule was due',
  progress: 1,
  rowsRead: 19_252,
  queuedAt: minutesAgo(4),
  startedAt: minutesAgo(4),
  completedAt: minutesAgo(3),
  durationMs: 60_000,
  waitingUntil: null,
  records: noRecords,
  streams: [],
  error: null,
  cascadeId: null,
  ...change,
});
