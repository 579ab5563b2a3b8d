/** Whole refreshes by the services against a bare CREATE TABLE AS of the same query; three at once on either side. */
import { installationOf } from '@freshet/persistence';
import { createBuilders, projectSchema } from '@freshet/warehouse';
import type { Bench, BenchCase, Measured } from '../bench';
import { byCustomer, byDay, facts } from '../facts';
import { interleave, median, ratio, seconds, spread } from '../measure';

/** As many as refreshes may run at once. */
const atOnce = [1, 2, 3];

interface Subject {
  name: string;
  query: (from: string) => string;
  key: string[];
  index: string;
}

const measure = async (bench: Bench, { name, query, key, index }: Subject): Promise<Measured> => {
  const { freshet, table } = await facts(bench);
  const guards = [
    { kind: 'not_empty' as const, severity: 'block' as const },
    { kind: 'not_null' as const, columns: key, severity: 'block' as const },
    { kind: 'range' as const, columns: ['amount'], min: 0, severity: 'block' as const },
  ];
  const indexes = [
    { columns: key, unique: true },
    { columns: [index], unique: false },
  ];
  const definition = { sql: query('sales.sales'), indexes, guards, autoRefresh: false };
  const models = await Promise.all(
    atOnce.map((number) => freshet.addModel({ name: `${name}_${number}`, ...definition })),
  );
  const ids = models.map(({ id }) => id);
  const target = (number: number): string => `${projectSchema(freshet.projectId)}.bare_${name}_${number}`;
  const { bare, refresh } = await interleave(
    {
      bare: () => bareBuilds(bench, freshet.projectId, target, query(table)),
      refresh: async (round) => {
        // A result that stays the same would spare the comparison with the version before.
        await bench.pool.query(`update ${table} set amount = amount + 1 where id = $1`, [round + 1]);
        await bench.pool.query('checkpoint');
        const before = await lastRefresh(bench);
        await freshet.refresh(ids);
        return wholeOf(bench, ids, before);
      },
    },
    // The first versions, just built, have been the warm-up.
    { rounds: bench.rounds, warmUps: 0 },
  );
  const rows = await bench.pool.query<{ rows: string }>(
    `select row_count as rows from app.model_version where model_id = $1 and state = 'live'`,
    [ids[0]],
  );
  return {
    value: ratio(refresh, bare),
    detail: `${atOnce.length} × ${rows.rows[0]?.rows} rows from ${2 * bench.rows} in ${seconds(median(refresh))}, bare CTAS ${seconds(median(bare))}; rounds ${spread(refresh, bare)}`,
  };
};

/** With the builders' own login and settings. */
const bareBuilds = async (
  { pool, databaseUrl, masterKey }: Bench,
  projectId: string,
  target: (number: number) => string,
  sql: string,
): Promise<number> => {
  const { hostname, port, pathname } = new URL(databaseUrl);
  const builders = createBuilders({
    connection: { host: hostname, port: Number(port), database: pathname.slice(1) },
    installation: installationOf(databaseUrl),
    masterKey,
  });
  const sessions = await Promise.all(atOnce.map(() => builders.connect(projectId)));
  await pool.query('checkpoint');
  const begin = performance.now();
  await Promise.all(
    sessions.map((session, place) => session.query(`create table ${target(place)} as ${sql}`)),
  );
  const time = performance.now() - begin;
  for (const [place, session] of sessions.entries()) {
    await session.query(`drop table ${target(place)}`);
    await session.release();
  }
  return time;
};

const lastRefresh = async ({ pool }: Bench): Promise<string> => {
  const { rows } = await pool.query<{ id: string }>('select max(id) as id from app.refresh');
  return rows[0]?.id ?? '0';
};

/** From the begin of the first to the end of the last of the refreshes after `before`, publishing included. */
const wholeOf = async ({ pool }: Bench, ids: readonly string[], before: string): Promise<number> => {
  const { rows } = await pool.query<{ ms: number; published: number }>(
    `select (1000 * extract(epoch from max(completed_at) - min(started_at)))::float8 as ms, count(*)::int as published
     from app.refresh where model_id = any($1::bigint[]) and id > $2 and published`,
    [ids, before],
  );
  const { ms, published } = rows[0] ?? { ms: Number.NaN, published: 0 };
  if (published !== ids.length) throw new Error(`Published were ${published} models of ${ids.length}.`);
  return ms;
};

export const refreshLarge: BenchCase = {
  name: 'whole refresh of large results, three at once, against bare CTAS',
  goal: { atMost: 1.3, unit: '×' },
  run: (bench) =>
    measure(bench, { name: 'customers', query: byCustomer, key: ['customer'], index: 'last_day' }),
};

export const refreshSummary: BenchCase = {
  name: 'whole refresh of summaries, three at once, against bare CTAS',
  goal: { atMost: 1.3, unit: '×' },
  run: (bench) =>
    measure(bench, { name: 'days', query: byDay, key: ['day', 'country', 'channel'], index: 'country' }),
};
