/** A cascade of three models, each over the one before, against creating the same three tables by hand. */
import { projectSchema } from '@freshet/warehouse';
import type { BenchCase } from '../bench';
import { facts } from '../facts';
import { interleave, median, ratio, seconds, spread, timed } from '../measure';

const steps = (from: string) => [
  {
    name: 'step_customers',
    sql: `SELECT customer, country, channel, count(*) AS orders, sum(amount) AS amount FROM ${from} GROUP BY 1, 2, 3`,
  },
  {
    name: 'step_countries',
    sql: 'SELECT country, channel, count(*) AS customers, sum(amount) AS amount, max(amount) AS best FROM step_customers GROUP BY 1, 2',
  },
  {
    name: 'step_total',
    sql: 'SELECT sum(customers) AS customers, sum(amount) AS amount FROM step_countries',
  },
];

export const threeSteps: BenchCase = {
  name: 'cascade of three steps against bare CTAS of the same three',
  goal: { atMost: 1.3, unit: '×' },
  run: async (bench) => {
    const { freshet, table } = await facts(bench);
    const schema = projectSchema(freshet.projectId);
    const ids: string[] = [];
    for (const step of steps('sales.sales')) ids.push((await freshet.addModel(step)).id);
    const [first = '', , last = ''] = ids;
    const bare = async (): Promise<number> => {
      const time = await timed(async () => {
        for (const { name, sql } of steps(table)) {
          const bound = sql.replace(/step_\w+/g, (each) => `${schema}.bare_${each}`);
          await bench.pool.query(`create table ${schema}.bare_${name} as ${bound}`);
        }
      });
      for (const { name } of steps(table)) await bench.pool.query(`drop table ${schema}.bare_${name}`);
      return time;
    };
    const cascade = async (round: number): Promise<number> => {
      await bench.pool.query(`update ${table} set amount = amount + 1 where id = $1`, [round + 20]);
      await bench.pool.query('checkpoint');
      const { rows: before } = await bench.pool.query<{ id: string }>(
        'select max(id) as id from app.refresh',
      );
      await freshet.refresh([first]);
      await freshet.upToDate(ids);
      const { rows } = await bench.pool.query<{ ms: number; published: number }>(
        `select (1000 * extract(epoch from max(completed_at) filter (where model_id = $3) - min(started_at)))::float8 as ms,
           count(*)::int as published
         from app.refresh where model_id = any($1::bigint[]) and id > $2 and published`,
        [ids, before[0]?.id, last],
      );
      if (rows[0]?.published !== ids.length)
        throw new Error(`Published were ${rows[0]?.published} models of 3.`);
      return rows[0].ms;
    };
    const times = await interleave({ bare, cascade }, { rounds: bench.rounds, warmUps: 0 });
    return {
      value: ratio(times.cascade, times.bare),
      detail: `${seconds(median(times.cascade))} from the first's begin to the last's publishing, bare CTAS ${seconds(median(times.bare))}; rounds ${spread(times.cascade, times.bare)}`,
    };
  },
};
