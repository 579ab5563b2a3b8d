/**
 * No changed table is unseen (spec CA12): each sync run that changed a table was followed, in each model that reads it at any depth, by a
 * finished refresh whose vector has that revision or a later one; or the reason why not is recorded.
 *
 * It is enough to look at what each model reads directly: vectors never go back (vectors-true), so the latest finished refresh has seen
 * whatever an earlier one saw; and a model that has seen its upstream models' present versions has seen through them what they saw.
 * The vectors are those of the history, not what the model's row remembers.
 */
import { buildGraph, downstreamOf } from '@freshet/domain';
import type { Sql } from '@freshet/persistence';
import { counted, listed, pending, violated, type Finding, type Invariant, type Outcome } from '../invariant';
import { explainLag, findLags, keepsSetOpen, patience, type Lag } from './lags';
import { loadCascadeRecords, type CascadeRecords } from './load-cascade-records';

interface UnseenRun {
  streamId: string;
  runId: string;
  toRevision: number;
  /** When it was committed and ended; null while the run goes on. */
  endedAt: number | null;
  [column: string]: unknown;
}

/** Runs that moved a stream beyond what somebody has seen of it. */
const unseen = /* sql */ `
select x.stream_id as "streamId", x.run_id as "runId", x.to_revision::float8 as "toRevision",
  (extract(epoch from coalesce(x.completed_at, r.completed_at)) * 1000)::float8 as "endedAt"
from unnest($1::bigint[], $2::bigint[]) as l(stream_id, seen)
join app.sync_run_stream x on x.stream_id = l.stream_id and x.to_revision > greatest(l.seen, x.from_revision)
join app.sync_run r on r.id = x.run_id
order by x.stream_id, x.to_revision`;

const changes = /* sql */ `
select x.stream_id as "streamId", count(*)::int as runs from app.sync_run_stream x join app.sync_run r on r.id = x.run_id
where r.project_id = $1 and x.to_revision > x.from_revision and coalesce(r.completed_at, 'infinity') >= to_timestamp($2::float8 / 1000)
group by x.stream_id`;

/** Pairs of a run that changed a table and an auto-refreshing model that reads it, directly or through others. */
const countPairs = (records: CascadeRecords, runs: readonly { streamId: string; runs: number }[]): number => {
  const graph = buildGraph(records.models.filter(({ deleted }) => !deleted));
  const auto = new Set(records.models.filter(({ autoRefresh }) => autoRefresh).map(({ id }) => id));
  return runs.reduce((sum, { streamId, runs: count }) => {
    const readers = [...downstreamOf(graph, [{ kind: 't', id: streamId }])].filter((id) => auto.has(id));
    return sum + count * readers.length;
  }, 0);
};

const runsUnseenBy = async (sql: Sql, lag: Lag): Promise<UnseenRun[]> => {
  const streams = lag.behind.filter(({ key }) => key.startsWith('t:'));
  if (!streams.length) return [];
  return sql.rows<UnseenRun>(unseen, [
    streams.map(({ key }) => key.slice(2)),
    streams.map(({ seen }) => seen ?? 0),
  ]);
};

const sentenceOf = (lag: Lag, runs: readonly UnseenRun[], records: CascadeRecords): string => {
  const below = downstreamOf(buildGraph(records.models.filter(({ deleted }) => !deleted)), [
    { kind: 'm', id: lag.model.id },
  ]);
  const last = lag.model.lastFinishedId
    ? `its latest finished refresh ${lag.model.lastFinishedId}`
    : 'it was never built; it';
  const behind = lag.behind.map(
    ({ name, seen, now }) => `${name} at ${seen ?? 'nothing'} and it is at ${now}`,
  );
  return (
    `Model ${lag.model.id} (${lag.model.name}) has not seen ` +
    `${runs.length ? `${counted(runs.length, 'sync run')} (${listed([...new Set(runs.map(({ runId }) => runId))])})` : 'what it reads'}: ` +
    `${last} has ${listed(behind)}${below.size ? `; ${counted(below.size, 'model')} below it wait with it` : ''}.`
  );
};

/** Where nobody is behind any more, or only for good, nothing is left that a candidate could wait for. */
const unpublishedSets = (records: CascadeRecords, lags: readonly Lag[], now: number): Finding[] => {
  if (lags.some((lag) => keepsSetOpen(lag, records))) return [];
  return records.models
    .filter(
      ({ deleted, setAside, paused, candidateVersion }) =>
        candidateVersion !== null && !deleted && !setAside && !paused,
    )
    .map(({ id, name, candidateVersion, candidateAt }) => {
      const waits = `Version ${candidateVersion} of model ${id} (${name}) is built and not published`;
      return now - (candidateAt ?? 0) < patience
        ? pending(`${waits} yet: its set is complete.`)
        : violated(
            `${waits}, though nothing of its set is left to be built. Look at whether the refresh service runs.`,
          );
    });
};

const judge = async (
  sql: Sql,
  now: number,
  records: CascadeRecords,
): Promise<{ findings: Finding[]; notes: string[] }> => {
  const findings: Finding[] = [];
  const reasons = new Map<string, number>();
  const lags = findLags(records);
  for (const lag of lags) {
    const runs = await runsUnseenBy(sql, lag);
    const since = Math.min(
      ...runs.map(({ endedAt }) => endedAt ?? now),
      ...lag.behind.flatMap(({ since: moved }) => (moved === null ? [] : [moved])),
      lag.model.owedSince ?? now,
    );
    const verdict = explainLag(lag, lags, records, { now, since });
    if (verdict.kind === 'recorded') {
      reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1);
      continue;
    }
    const sentence = `${sentenceOf(lag, runs, records)} ${verdict.reason}`;
    findings.push(verdict.kind === 'pending' ? pending(sentence) : violated(sentence));
  }
  findings.push(...unpublishedSets(records, lags, now));
  const notes = [...reasons].map(
    ([reason, count]) => `${counted(count, 'model')} behind, and the reason is recorded: ${reason}.`,
  );
  return { findings, notes };
};

export const changesSeen: Invariant = {
  name: 'changes-seen',
  says: 'Each sync run that changed a table was seen by each model that reads it, or the reason why not is recorded.',
  scope: 'project',
  check: async ({ sql, projectId, now, since }): Promise<Outcome> => {
    const records = await loadCascadeRecords(sql, projectId);
    const runs = await sql.rows<{ streamId: string; runs: number }>(changes, [projectId, since]);
    return { checked: countPairs(records, runs), ...(await judge(sql, now, records)) };
  },
};
