/** Working out what is owed among 1,000 models, from the stored state to the plan (design's bar: ≤ 30 ms). */
import { defaults } from '@freshet/contracts';
import { planDispatch } from '@freshet/domain';
import { ControlPlane, installationOf, loadCascadeState } from '@freshet/persistence';
import type { Pool } from 'pg';
import type { Bench, BenchCase } from '../bench';
import { median, percentile } from '../measure';

const [streams, models] = [50, 1_000];
const options = {
  maxWait: defaults.refresh.maxWait,
  head: 4 * defaults.refresh.slots,
  attempts: defaults.refresh.attempts,
};

/** 50 tables, 400 models over them, 600 over two of these each; all up to date. @returns the project's id */
const createProject = async (pool: Pool): Promise<string> => {
  const { rows } = await pool.query<{ organization: string; project: string; source: string }>(
    `with o as (insert into app.organization (name, slug) values ('Thousand', 'thousand') returning id),
       p as (insert into app.project (organization_id, name, slug) select id, 'Thousand', 'thousand' from o returning id),
       s as (insert into app.data_source (organization_id, project_id, type, name, slug)
             select o.id, p.id, 'file', 'Thousand', 'thousand' from o, p returning id)
     select o.id as organization, p.id as project, s.id as source from o, p, s`,
  );
  const { organization, project, source } = rows[0] ?? { organization: '', project: '', source: '' };
  const ids = async (sql: string, count: number): Promise<string[]> =>
    (await pool.query<{ id: string }>(sql, [organization, project, source, count])).rows.map(({ id }) => id);
  const tables = await ids(
    `insert into app.stream (organization_id, project_id, source_id, name, mode, generation, revision)
     select $1, $2, $3, 't' || i, 'upsert', 1, 1 from generate_series(1, $4::int) i returning id`,
    streams,
  );
  const known = await ids(
    `insert into app.data_model (organization_id, project_id, name, sql, published_version)
     select $1, $2, 'm' || i, 'select ' || i || ' from thousand.t' || $3::bigint, 1 from generate_series(1, $4::int) i returning id`,
    models,
  );
  const inputs = known.flatMap((model, place) => {
    const edge = (kind: string, id: string | undefined) => ({ model, kind, id });
    if (place < 400) return [edge('t', tables[place % streams])];
    return [edge('m', known[place - 400]), edge('m', known[(place * 7) % 400])];
  });
  await pool.query(
    `insert into app.model_input (model_id, organization_id, kind, input_id)
     select distinct model, $1::bigint, kind, id from jsonb_to_recordset($2::jsonb) as e(model bigint, kind text, id bigint)`,
    [organization, JSON.stringify(inputs)],
  );
  await pool.query(
    `update app.data_model m set built_vector = '{"d": 1, "f": 0}'::jsonb ||
       (select jsonb_object_agg(kind || ':' || input_id, 1) from app.model_input i where i.model_id = m.id)
     where project_id = $1`,
    [project],
  );
  await pool.query('analyze app.data_model, app.model_input, app.stream');
  return project;
};

interface Times {
  whole: number[];
  state: number[];
  ready: number;
}

const measure = async (plane: ControlPlane, project: string): Promise<Times> => {
  const times: Times = { whole: [], state: [], ready: 0 };
  for (let round = 0; round < 35; round++) {
    const begin = performance.now();
    const state = await loadCascadeState(plane.system, [project]);
    const loaded = performance.now();
    const plan = planDispatch(state, Date.now(), options);
    const end = performance.now();
    times.ready = plan.ready.length;
    if (round < 5) continue;
    times.whole.push(end - begin);
    times.state.push(loaded - begin);
  }
  return times;
};

const told = ({ whole, state }: Times): string =>
  `${median(whole).toFixed(1)} ms (state ${median(state).toFixed(1)}), p95 ${percentile(whole, 0.95).toFixed(1)}`;

export const dispatch: BenchCase = {
  name: `dispatch of a graph of 1,000 models: load its state, work out what is owed and ready`,
  goal: { atMost: 30, unit: 'ms' },
  run: async ({ pool, databaseUrl, masterKey }: Bench) => {
    const project = await createProject(pool);
    const plane = await ControlPlane.open({
      databaseUrl,
      installation: installationOf(databaseUrl),
      masterKey,
    });
    try {
      const quiet = await measure(plane, project);
      await pool.query('update app.stream set revision = revision + 1 where project_id = $1', [project]);
      const owed = await measure(plane, project);
      if (quiet.ready !== 0 || owed.ready !== options.head)
        throw new Error(
          `Ready were ${quiet.ready} and ${owed.ready} models instead of 0 and ${options.head}.`,
        );
      const value = Math.max(median(quiet.whole), median(owed.whole));
      return { value, detail: `nothing owed ${told(quiet)}; all owed ${told(owed)}` };
    } finally {
      await plane.close();
      // The services that other cases start shall not find it.
      await pool.query(`delete from app.organization where slug = 'thousand'`);
    }
  },
};
