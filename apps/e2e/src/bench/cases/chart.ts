/** One chart over HTTP on 16 connections, signed in, against a server that does nothing else (design's bars: ≥ 0.065 × cached, ≥ 0.8 × uncached). */
import { modelTable, projectSchema } from '@freshet/warehouse';
import { startBareServer } from '../bare-server';
import type { Bench, BenchCase } from '../bench';
import { byDay, facts } from '../facts';
import { load, type Load, type SentRequest } from '../http-load';
import { interleave, median, percentile, ratio } from '../measure';

const connections = 16;
const ms = 2_000;
const query = `SELECT country, sum(amount) AS amount, sum(orders) AS orders FROM charted WHERE day >= date '2026-10-01' GROUP BY country ORDER BY country`;

type Side = 'bytes' | 'cached' | 'bare' | 'uncached';
type Loads = Record<Side, number[]> & { times: Record<Side, number[]>; size: number };

const measure = async (bench: Bench): Promise<Loads> => {
  const { freshet } = await facts(bench);
  const { projectId, api } = freshet;
  const { id: modelId } = await freshet.addModel({ name: 'charted', sql: byDay('sales.sales') });
  const { version } = await api.call('getModel', { params: { id: modelId } });
  const cookie = await freshet.signIn();
  const params = { projectId };
  await api.call('runQuery', { params, body: { sql: query } });
  const bytes = JSON.stringify(await api.call('runQuery', { params, body: { sql: query } }));
  const table = `${projectSchema(projectId)}.${modelTable(modelId, version ?? 0)}`;
  await bench.pool.query(`create materialized view charted as select * from ${table}`);
  await bench.pool.query('vacuum (freeze, analyze) charted');
  const server = await startBareServer({ bytes, query, databaseUrl: bench.databaseUrl });
  const ask = (fresh: boolean): SentRequest => ({
    port: Number(new URL(api.url).port),
    path: `/api/projects/${projectId}/query`,
    headers: { cookie },
    body: JSON.stringify({ sql: query, fresh }),
  });
  const bare = (path: string): SentRequest => ({ ...ask(false), port: server.port, path });
  const times: Loads['times'] = { bytes: [], cached: [], bare: [], uncached: [] };
  const side = (name: Side, request: SentRequest) => async (): Promise<number> => {
    const found: Load = await load(request, { connections, ms });
    times[name].push(...found.times);
    return found.perSecond;
  };
  try {
    const perSecond = await interleave(
      {
        bytes: side('bytes', bare('/bytes')),
        cached: side('cached', ask(false)),
        bare: side('bare', bare('/query')),
        uncached: side('uncached', ask(true)),
      },
      { rounds: bench.rounds },
    );
    return { ...perSecond, times, size: bytes.length };
  } finally {
    await server.close();
    await bench.pool.query('drop materialized view charted');
  }
};

const loads = (bench: Bench): Promise<Loads> => bench.once('chart', () => measure(bench));

const told = ({ times, ...found }: Loads, side: Side): string =>
  `${median(found[side]).toFixed(0)} req/s (p50 ${median(times[side]).toFixed(1)} ms, p99 ${percentile(times[side], 0.99).toFixed(1)})`;

export const cachedChart: BenchCase = {
  name: 'cached chart over HTTP, 16 connections, signed in, against a bare Node server sending the same bytes',
  goal: { atLeast: 0.065, unit: '×' },
  run: async (bench) => {
    const found = await loads(bench);
    return {
      value: ratio(found.cached, found.bytes),
      detail: `${told(found, 'cached')} of ${found.size} bytes, bare ${told(found, 'bytes')}`,
    };
  },
};

export const uncachedChart: BenchCase = {
  name: 'uncached chart over HTTP, 16 connections, against a bare server over a materialized view',
  goal: { atLeast: 0.8, unit: '×' },
  run: async (bench) => {
    const found = await loads(bench);
    return {
      value: ratio(found.uncached, found.bare),
      detail: `${told(found, 'uncached')}, bare ${told(found, 'bare')}`,
    };
  },
};
