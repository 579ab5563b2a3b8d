/** What people, schedules and vendors do all the while: files change, syncs are asked for, models refreshed, edited, switched off, rolled back. */
import { setTimeout as moment } from 'node:timers/promises';
import type { FileServer } from '@freshet/testing';
import type { Pool } from 'pg';
import { pick, type Random } from '../harness/random';
import type { Findings } from './findings';
import { edited } from './plan';
import type { LiveModel, LiveProject, LiveSource } from './set-up';

export interface ActivityParts {
  project: LiveProject;
  files: FileServer;
  pool: Pool;
  random: Random;
  findings: Findings;
}

type Act = (parts: ActivityParts) => Promise<void>;

const anyOf = <T>(random: Random, items: readonly T[]): T | undefined => items[pick(random, items.length)];
const source = ({ project, random }: ActivityParts): LiveSource | undefined => anyOf(random, project.sources);
const model = ({ project, random }: ActivityParts): LiveModel | undefined => anyOf(random, project.models);

/** Models below the first of those that fail wait for them; now and then is enough. */
const tripShare = 0.12;

const changeFile = (parts: ActivityParts, { file, path }: LiveSource): void => {
  file.change({ trip: parts.random() < tripShare });
  parts.files.serve(path, file.text);
  parts.findings.count('file changes');
};

const sync: Act = async (parts) => {
  const found = source(parts);
  if (!found) return;
  if (pick(parts.random, 6)) changeFile(parts, found);
  await parts.project.calls.try('startSync', { params: { id: found.id }, body: {} });
};

/** Its schedule is made due now: the scheduler claims it. */
const fallDue: Act = async (parts) => {
  const found = source(parts);
  if (!found) return;
  changeFile(parts, found);
  await parts.pool
    .query('update app.data_source set next_run_at = now() where id = $1', [found.id])
    .catch(() => parts.findings.count('calls failed in a fault'));
};

/** The server of the file fails once or breaks off. */
const failFile: Act = async (parts) => {
  const found = source(parts);
  if (!found) return;
  const faults = [
    { kind: 'status', status: 503 },
    { kind: 'truncate', afterBytes: 500 },
  ] as const;
  const fault = anyOf(parts.random, faults);
  if (fault) parts.files.fail(found.path, fault);
  await sync(parts);
};

const refresh: Act = async (parts) => {
  const found = model(parts);
  if (found) await parts.project.calls.try('refreshModel', { params: { id: found.id }, body: {} });
};

const edit: Act = async (parts) => {
  const found = model(parts);
  if (!found?.plan.editable) return;
  const sql = edited(parts.random, found.plan.sql);
  await parts.project.calls.try('updateModel', { params: { id: found.id }, body: { sql } });
};

/** Members of a set that are switched off or pinned are left out of it, and a mixture would prove nothing. */
const switchAutoRefresh: Act = async (parts) => {
  const found = model(parts);
  if (!found || parts.project.plan.together) return;
  const autoRefresh = pick(parts.random, 3) > 0;
  await parts.project.calls.try('updateModel', { params: { id: found.id }, body: { autoRefresh } });
};

const rollBackOrRelease: Act = async (parts) => {
  const found = model(parts);
  if (!found || parts.project.plan.together) return;
  const { calls } = parts.project;
  const params = { id: found.id };
  const now = await calls.try('getModel', { params });
  if (now?.pinned) return void (await calls.try('releaseModel', { params }));
  const versions = await calls.try('listModelVersions', { params });
  const earlier = versions?.items.filter(({ published, state }) => !published && state === 'retired');
  const chosen = earlier && anyOf(parts.random, earlier);
  if (chosen) await calls.try('rollbackModel', { params, body: { version: chosen.version } });
};

const cancelRefresh: Act = async (parts) => {
  const found = model(parts);
  if (!found) return;
  const now = await parts.project.calls.try('getModel', { params: { id: found.id } });
  if (now?.activeRefreshId)
    await parts.project.calls.try('cancelRefresh', { params: { id: now.activeRefreshId } });
};

const cancelSync: Act = async (parts) => {
  const found = source(parts);
  if (!found) return;
  const { calls } = parts.project;
  const started = await calls.try('startSync', { params: { id: found.id }, body: {} });
  if (started) await calls.try('cancelSyncRun', { params: { id: started.runId } });
};

/** How often each comes, in so many of all. */
const acts: [Act, number][] = [
  [sync, 10],
  [fallDue, 3],
  [failFile, 1],
  [refresh, 4],
  [edit, 2],
  [switchAutoRefresh, 2],
  [rollBackOrRelease, 2],
  [cancelRefresh, 1],
  [cancelSync, 1],
];
const hat = acts.flatMap(([act, times]) => Array.from({ length: times }, () => act));

/** Acts again and again, one thing after the other, until told to stop. */
export const keepActing = async (parts: ActivityParts, stop: AbortSignal): Promise<void> => {
  while (!stop.aborted) {
    await anyOf(parts.random, hat)?.(parts);
    await moment(200 + pick(parts.random, 1_200), undefined, { signal: stop }).catch(() => undefined);
  }
};
