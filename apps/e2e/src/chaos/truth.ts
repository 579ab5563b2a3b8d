/** What must be true when nothing moves: tables are their files, models are their queries, nothing happened twice. */
import type { Pool } from 'pg';
import type { Findings } from './findings';
import { modelsOf } from './rest';
import type { LiveProject, LiveSource } from './set-up';
import { digestQuery } from './source-file';

const rowsOf = async ({ id, calls }: LiveProject, sql: string): Promise<unknown[][]> =>
  (await calls.call('runQuery', { params: { projectId: id }, body: { sql, fresh: true } })).rows;

/** Each table is one generation of its file: the latest one, when the file was synced since. */
export const expectTables = async (
  project: LiveProject,
  findings: Findings,
  { latest }: { latest: boolean },
): Promise<void> => {
  for (const source of project.sources) {
    const [[digest] = []] = await rowsOf(project, digestQuery(source.table));
    const generation = source.file.generationOf(String(digest));
    const name = `${source.table} of ${project.plan.name}`;
    if (generation === undefined) findings.add(`Table ${name} equals no generation of its file.`);
    else if (latest && generation !== source.file.generation)
      findings.add(`Table ${name} is at generation ${generation}, its file at ${source.file.generation}.`);
    findings.count('tables held against their files');
  }
};

/** Each model that is up to date equals its query, run on what there is now. Returns how many were. */
export const expectModels = async (project: LiveProject, pool: Pool, findings: Findings): Promise<number> => {
  let checked = 0;
  for (const { id, name, sql, owed, pinned, mode, autoRefresh, candidateVersion } of await modelsOf(
    project,
  )) {
    // One that is switched off is not owed, whatever changes above it.
    // One that is built and waits for the others of its set is behind on purpose.
    if (owed || pinned || !autoRefresh || mode !== 'live' || candidateVersion !== null) continue;
    const difference = `SELECT count(*) FROM ((TABLE ${name} EXCEPT ALL (${sql})) UNION ALL ((${sql}) EXCEPT ALL TABLE ${name})) d`;
    const [[count] = []] = await rowsOf(project, difference);
    if (String(count) !== '0')
      findings.add(
        `Lost update: ${name} of ${project.plan.name} is not owed, and differs from its query in ${count} rows. ${await recordsOf(pool, id)}`,
      );
    checked += 1;
  }
  findings.count('models held against their queries', checked);
  return checked;
};

/** What the control plane knows of a model, for whoever looks into a finding. */
const recordsOf = async (pool: Pool, modelId: string): Promise<string> => {
  const records = await pool.query(
    `select to_jsonb(m) - 'sql' as model,
       (select jsonb_agg(to_jsonb(v) - 'columns' - 'guards') from app.model_version v where v.model_id = m.id) as versions,
       (select jsonb_agg(r) from (select id, kind, status, why, version, published, started_at, completed_at, sql from app.refresh
         where model_id = m.id order by id desc limit 6) r) as refreshes
     from app.data_model m where id = $1`,
    [modelId],
  );
  return JSON.stringify(records.rows[0]);
};

/** Owed at rest is only what a person has to decide about, or what is below such a model. */
export const expectReasons = async (project: LiveProject, pool: Pool, findings: Findings): Promise<void> => {
  const models = await modelsOf(project);
  const ended = await pool.query<{ id: string }>(
    `select model_id::text as id from (
       select distinct on (model_id) model_id, status from app.refresh where project_id = $1 and kind = 'live' order by model_id, id desc
     ) r where status in ('FAILED', 'CANCELLED', 'SKIPPED')`,
    [project.id],
  );
  const stopped = new Set(ended.rows.map(({ id }) => id));
  for (const { id, autoRefresh, pinned, status } of models)
    if (!autoRefresh || pinned || status === 'FAILED') stopped.add(id);
  for (let size = -1; size !== stopped.size;) {
    size = stopped.size;
    for (const { id, upstream } of models)
      if (upstream.models.some((each) => stopped.has(each.id))) stopped.add(id);
  }
  for (const { id, name, owed, why } of models)
    if (owed && !stopped.has(id) && !project.plan.together)
      findings.add(`${name} of ${project.plan.name} is owed at rest without a reason: ${why}`);
};

export const expectNothingTwice = async (
  projects: readonly LiveProject[],
  pool: Pool,
  findings: Findings,
): Promise<void> => {
  const doubled = await pool.query<{ model: string; version: number }>(
    `select model_id::text as model, version from app.refresh where published group by 1, 2 having count(*) > 1`,
  );
  findings.count('published twice', doubled.rows.length);
  for (const { model, version } of doubled.rows)
    findings.add(`Version ${version} of model ${model} was published twice.`);
  const overlapping = await pool.query<{ model: string; one: string; other: string }>(
    `select a.model_id::text as model, a.id::text as one, b.id::text as other
     from app.refresh a join app.refresh b on b.model_id = a.model_id and b.id > a.id
     where a.started_at is not null and b.started_at < coalesce(a.completed_at, 'infinity')
       and a.started_at < coalesce(b.completed_at, 'infinity')`,
  );
  for (const { model, one, other } of overlapping.rows)
    findings.add(`Refreshes ${one} and ${other} of model ${model} ran at the same time.`);
  for (const { sources } of projects)
    for (const source of sources) await expectBalance(source, pool, findings);
};

/** What runs say they inserted and deleted is what is there. */
const expectBalance = async ({ id, table }: LiveSource, pool: Pool, findings: Findings): Promise<void> => {
  const { rows } = await pool.query<{ balance: number; present: number }>(
    `select coalesce(sum(inserted - deleted), 0)::int as balance,
            (select sum(row_count)::int from app.stream where source_id = $1) as present
     from app.sync_run where source_id = $1`,
    [id],
  );
  const { balance, present } = rows[0] ?? { balance: 0, present: 0 };
  if (balance !== present)
    findings.add(`Runs of ${table} (source ${id}) tell of ${balance} rows, but there are ${present}.`);
};

/** Nothing is left behind in PostgreSQL by services that died. */
export const expectNoForgottenSessions = async (pool: Pool, findings: Findings): Promise<void> => {
  const { rows } = await pool.query<{ application: string; query: string }>(
    `select application_name as application, left(query, 200) as query from pg_stat_activity
     where state like 'idle in transaction%' and state_change < now() - interval '10 s'`,
  );
  for (const { application, query } of rows)
    findings.add(`A session (${application}) is idle in a transaction: ${query}`);
};
