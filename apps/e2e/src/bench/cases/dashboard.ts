/** A dashboard of five charts over HTTP against its bare queries (design's bars: ≤ 1.5 × uncached, ≤ 5 ms cached). */
import { modelTable, projectSchema } from '@freshet/warehouse';
import pg from 'pg';
import type { Bench, BenchCase } from '../bench';
import { byDay, facts } from '../facts';
import { interleave, median, percentile, ratio, timed } from '../measure';

const charts = [
  { title: 'By day', type: 'line', query: 'SELECT day, sum(amount) AS amount FROM shown GROUP BY day ORDER BY day' },
  {
    title: 'By country',
    type: 'bar',
    query: 'SELECT country, sum(amount) AS amount, sum(orders) AS orders FROM shown GROUP BY country ORDER BY country',
  },
  { title: 'By channel', type: 'bar', query: 'SELECT channel, sum(qty) AS qty FROM shown GROUP BY channel ORDER BY 2 DESC' },
  { title: 'Total', type: 'kpi', query: 'SELECT sum(amount) AS amount FROM shown' },
  { title: 'Best days', type: 'table', query: 'SELECT * FROM shown ORDER BY amount DESC, day, country, channel LIMIT 50' },
] as const; // prettier-ignore

interface Loads {
  bare: number[];
  uncached: number[];
  cached: number[];
}

const measure = async (bench: Bench): Promise<Loads> => {
  const { freshet } = await facts(bench);
  const { id: modelId } = await freshet.addModel({ name: 'shown', sql: byDay('sales.sales') });
  const layout = { x: 0, y: 0, w: 6, h: 4 };
  const { id } = await freshet.api.call('createDashboard', {
    params: { projectId: freshet.projectId },
    body: {
      name: 'Sales',
      charts: charts.map(({ title, type, query }) => ({ title, type, sql: query, layout })),
    },
  });
  const load = async (fresh: boolean): Promise<number> => {
    const begin = performance.now();
    const { results } = await freshet.api.call('loadDashboard', { params: { id }, body: { fresh } });
    const time = performance.now() - begin;
    const wanted = fresh ? 'live' : 'cache';
    const other = Object.values(results).find((result) => 'error' in result || result.source !== wanted);
    if (other)
      throw new Error(
        'error' in other ? other.error.message : `A chart came ${other.source}, not ${wanted}.`,
      );
    return time;
  };
  const { version } = await freshet.api.call('getModel', { params: { id: modelId } });
  const table = `${projectSchema(freshet.projectId)}.${modelTable(modelId, version ?? 0)}`;
  const queries = charts.map(({ query }) => query.replace('shown', table));
  const pool = new pg.Pool({ connectionString: bench.databaseUrl, max: queries.length });
  try {
    return await interleave(
      {
        bare: () => timed(() => Promise.all(queries.map((query) => pool.query(query)))),
        uncached: () => load(true),
        cached: () => load(false),
      },
      { rounds: 20 * bench.rounds, warmUps: 10 },
    );
  } finally {
    await pool.end();
  }
};

const loads = (bench: Bench): Promise<Loads> => bench.once('dashboard', () => measure(bench));
const told = (values: readonly number[]): string =>
  `${median(values).toFixed(1)} ms (p95 ${percentile(values, 0.95).toFixed(1)})`;

export const uncachedDashboard: BenchCase = {
  name: 'dashboard of 5 charts over HTTP, uncached, against its bare queries',
  goal: { atMost: 1.5, unit: '×' },
  run: async (bench) => {
    const { bare, uncached } = await loads(bench);
    return { value: ratio(uncached, bare), detail: `${told(uncached)}, bare queries ${told(bare)}` };
  },
};

export const cachedDashboard: BenchCase = {
  name: 'dashboard of 5 charts over HTTP, cached',
  goal: { atMost: 5, unit: 'ms' },
  run: async (bench) => {
    const { cached } = await loads(bench);
    return { value: median(cached), detail: told(cached) };
  },
};
