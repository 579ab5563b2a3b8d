/**
 * Within a cascade what is read is refreshed before what reads it, and what a person asked for goes before what nobody asked for.
 *
 * Both are judged only where the history leaves no doubt: a model past its max wait may go before an upstream one, and an asked-for
 * refresh may wait for what it reads, for a sync, for a backoff or for work that a dead process held.
 */
import { defaults } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import { counted, epoch, listed, violated, type Finding, type Invariant, type Look } from '../invariant';

export interface CascadeRefresh {
  cascadeId: string;
  cascadeStartedAt: number;
  modelId: string;
  model: string;
  refreshId: string;
  vector: InputVector;
  startedAt: number;
  completedAt: number;
  /** When the model was last up to date before: it can't have been owed for longer than since then. Null: never. */
  builtBeforeAt: number | null;
}

/**
 * Only where nobody intervened: a release, a rollback or another publish mode changes who waits for whom. What was built aside (a shadow,
 * a candidate) is left out as well, since those below it do not wait for what readers are not to see.
 */
const inCascades = /* sql */ `
select i.cascade_id as "cascadeId", ${epoch('c.started_at')} as "cascadeStartedAt", i.model_id as "modelId", m.name as model,
  r.id as "refreshId", r.vector, ${epoch('r.started_at')} as "startedAt", ${epoch('r.completed_at')} as "completedAt",
  ${epoch(`(select max(b.completed_at) from app.refresh b where b.model_id = r.model_id and b.status = 'COMPLETED'
    and b.kind = 'live' and b.completed_at <= r.started_at)`)} as "builtBeforeAt"
from app.cascade c join app.project p on p.id = c.project_id and p.publish_mode = 'each' join app.cascade_item i on i.cascade_id = c.id join app.data_model m on m.id = i.model_id
join app.refresh r on r.id = i.refresh_id
where c.project_id = $1 and c.started_at >= to_timestamp($2::float8 / 1000) and r.status = 'COMPLETED' and r.vector is not null
  and r.kind = 'live'
  and (r.published or r.version is null)
  and not exists (select from app.audit_entry a where a.project_id = c.project_id and a.at >= c.started_at
    and (a.at <= coalesce(c.completed_at, 'infinity') or a.action = 'publish-mode'))
order by i.cascade_id, r.started_at`;

export const findOutOfOrder = (refreshes: readonly CascadeRefresh[], maxWait: number): Finding[] =>
  Object.values(Object.groupBy(refreshes, ({ cascadeId }) => cascadeId)).flatMap((ofCascade = []) => {
    const byModel = new Map(ofCascade.map((refresh) => [refresh.modelId, refresh]));
    return ofCascade.flatMap((reader) =>
      Object.keys(reader.vector).flatMap((key) => {
        const upstream = key.startsWith('m:') ? byModel.get(key.slice(2)) : undefined;
        if (!upstream || reader.startedAt >= upstream.completedAt) return [];
        const pastMaxWait =
          reader.builtBeforeAt === null || reader.startedAt - reader.builtBeforeAt >= maxWait;
        if (pastMaxWait || reader.startedAt - reader.cascadeStartedAt < defaults.refresh.look) return [];
        return [
          violated(
            `In cascade ${reader.cascadeId} model ${reader.modelId} (${reader.model}) was refreshed (${reader.refreshId}) before ` +
              `model ${upstream.modelId} (${upstream.model}), which it reads, was (${upstream.refreshId}), and its max wait was not over. ` +
              'Look at the timeline of the cascade and at the reasons of both refreshes.',
          ),
        ];
      }),
    );
  });

export interface OvertakenRefresh {
  id: string;
  modelId: string;
  model: string;
  waited: number;
  /** Refreshes of the organization that the cascade queued later and that began before it. */
  overtakers: string[];
}

const ms = `interval '1 millisecond'`;

/** Times that were written by one statement may be microseconds the wrong way round, and no range then. */
const span = (from: string, to: string): string =>
  `tstzrange(least(${from}, ${to}), greatest(${from}, ${to}), '[]')`;

/** Rows that a person's ask raised from the cascade's are left out: when that was is not written down. */
const overtaken = /* sql */ `
select u.id, u.model_id as "modelId", m.name as model, (${epoch('u.started_at')} - ${epoch('u.queued_at')}) as waited, o.overtakers
from app.refresh u join app.data_model m on m.id = u.model_id
join lateral (
  select array_agg(c.id::text order by c.id) as overtakers, count(*) as n from app.refresh c
  where c.organization_id = u.organization_id and c.triggered_by = 'cascade' and c.model_id <> u.model_id
    and c.queued_at > u.queued_at + 1000 * ${ms} and c.started_at < u.started_at) o on o.n > $3
where u.project_id = $1 and u.queued_at >= to_timestamp($2::float8 / 1000)
  and u.triggered_by in ('user', 'api') and u.kind = 'live' and u.cascade_id is null and u.correlation_id not like 'dispatch-%'
  and u.started_at between u.queued_at + 5000 * ${ms} and u.queued_at + $4::float8 * ${ms}`;

/** Whatever may have kept the refresh waiting for a good reason. */
const excused = /* sql */ `
with recursive above(kind, id) as (
  select i.kind, i.input_id from app.refresh u join app.model_input i on i.model_id = u.model_id where u.id = $1
  union
  select i.kind, i.input_id from above a join app.model_input i on a.kind = 'm' and i.model_id = a.id),
waiting as (select u.*, ${span('u.queued_at', 'u.started_at')} as time from app.refresh u where u.id = $1)
select exists (
    select from waiting w join app.refresh r on r.id <> w.id
      and (r.model_id = w.model_id or r.model_id in (select id from above where kind = 'm'))
      and ${span('r.queued_at', `coalesce(r.completed_at, 'infinity') + 10000 * ${ms}`)} && w.time)
  or exists (
    select from waiting w, above a join app.stream s on a.kind = 't' and s.id = a.id join app.sync_run y on y.source_id = s.source_id
    where ${span('coalesce(y.started_at, y.queued_at)', `coalesce(y.completed_at, 'infinity')`)} && w.time)
  or exists (
    select from waiting w join app.refresh r on (r.error ->> 'code' = 'interrupted' or (r.status = 'SKIPPED' and r.started_at is not null))
      and ${span('r.started_at', `r.completed_at + 60000 * ${ms}`)} && w.time) as excused`;

const asked = /* sql */ `
select count(*)::int as n from app.refresh u
where u.project_id = $1 and u.queued_at >= to_timestamp($2::float8 / 1000) and u.triggered_by in ('user', 'api') and u.started_at is not null`;

const findOvertaken = async ({ sql, projectId, since, maxWait }: Look): Promise<Finding[]> => {
  const rows = await sql.rows<OvertakenRefresh & Record<string, unknown>>(overtaken, [
    projectId,
    since,
    defaults.refresh.slots,
    maxWait,
  ]);
  const findings: Finding[] = [];
  for (const { id, modelId, model, waited, overtakers } of rows) {
    const [row] = await sql.rows<{ excused: boolean }>(excused, [id]);
    if (row?.excused) continue;
    findings.push(
      violated(
        `Refresh ${id} of model ${modelId} (${model}), which a person asked for, waited ${Math.round(waited / 1_000)} s while ` +
          `${counted(overtakers.length, 'refresh', 'refreshes')} that the cascade queued later went first (${listed(overtakers)}). ` +
          'Look at the priorities of the jobs in the queue cascade.',
      ),
    );
  }
  return findings;
};

export const orderKept: Invariant = {
  name: 'order-kept',
  says: 'In a cascade what is read goes first; and what a person asked for goes before what nobody asked for.',
  scope: 'project',
  check: async (look) => {
    const { sql, projectId, since, maxWait } = look;
    const refreshes = await sql.rows<CascadeRefresh & Record<string, unknown>>(inCascades, [
      projectId,
      since,
    ]);
    const [user] = await sql.rows<{ n: number }>(asked, [projectId, since]);
    return {
      checked: refreshes.length + (user?.n ?? 0),
      findings: [...findOutOfOrder(refreshes, maxWait), ...(await findOvertaken(look))],
    };
  },
};
