/** A large stream table of sales and the models over it that several benchmarks share. */
import { projectSchema, streamTable } from '@freshet/warehouse';
import type { Bench } from './bench';
import type { Freshet } from './freshet';

const channels = ['ads', 'direct', 'email', 'organic', 'partner', 'referral', 'social', 'video'];
const countries = ['AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FR', 'IT', 'NL', 'PL'];

export interface Facts {
  freshet: Freshet;
  /** `p_1.s_0123456789_v1`. */
  table: string;
}

const sample = (): string => {
  const lines = Array.from({ length: 50 }, (_, place) => {
    const [country, channel] = [countries[place % countries.length], channels[place % channels.length]];
    return `${place + 1},2026-01-0${1 + (place % 9)},${place + 1},${country},${channel},${place}.25,${place % 9}`;
  });
  return `id,day,customer,country,channel,amount,qty\n${lines.join('\n')}\n`;
};

/** Two facts for each of `bench.rows` customers. A small file is synced; the bulk is then written by PostgreSQL itself, as only its being there matters. */
export const facts = (bench: Bench): Promise<Facts> =>
  bench.once('facts', async () => {
    const freshet = await bench.freshet();
    const source = await freshet.addFile('sales', sample());
    const { rows } = await bench.pool.query<{ id: string; generation: number }>(
      'select id, generation from app.stream where source_id = $1',
      [source.id],
    );
    const stream = rows[0];
    if (!stream) throw new Error('The source of facts has no stream.');
    const table = `${projectSchema(freshet.projectId)}.${streamTable(stream.id, stream.generation)}`;
    await bench.pool.query(
      `insert into ${table} (id, day, customer, country, channel, amount, qty)
       select i, date '2026-01-01' + (i * 7 % 365)::int, 1 + i % $1::bigint, ($2::text[])[1 + i % 10], ($3::text[])[1 + (i / 10) % 8],
         (i % 100000)::numeric / 100, i % 10
       from generate_series(51, 2 * $1::bigint) i`,
      [bench.rows, countries, channels],
    );
    await bench.pool.query(`vacuum (freeze, analyze) ${table}`);
    return { freshet, table };
  });

/** One row for each customer: as many as `bench.rows`. */
export const byCustomer = (from: string): string =>
  `SELECT customer, count(*) AS orders, sum(amount) AS amount, sum(qty) AS qty, max(day) AS last_day, min(channel) AS channel FROM ${from} GROUP BY customer`;

/** At most 29,200 rows, however many facts there are. */
export const byDay = (from: string): string =>
  `SELECT day, country, channel, count(*) AS orders, sum(amount) AS amount, sum(qty) AS qty FROM ${from} GROUP BY day, country, channel`;
