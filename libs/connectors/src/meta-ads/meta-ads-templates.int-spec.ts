import { createDashboard, createModel } from '@freshet/contracts';
import { sandboxAdAccounts, startMetaAds, usePostgres, type MetaAdsStandIn } from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import type { Column, ColumnType } from '../kit/column';
import { createContext } from '../kit/create-context';
import { createHttpClient, type HttpClient } from '../kit/http/http-client';
import { withSource } from '../kit/template';
import { metaAdsConnector } from './meta-ads-connector';
import { metaAdsTemplates } from './templates';

const now = new Date('2026-11-22T20:00:00Z');
const sqlTypes: Partial<Record<ColumnType, string>> = {
  double: 'double precision',
  timestamp: 'timestamptz',
  json: 'jsonb',
};
const days = { from: '2026-09-01', to: '2026-11-23' };
const lastWeek = { from: '2026-11-16', to: '2026-11-23' };
const adAccount = sandboxAdAccounts[0]?.id ?? '';

describe('the templates of Meta Ads', () => {
  const database = usePostgres();
  let meta: MetaAdsStandIn;
  let http: HttpClient;
  const inSource = (text: string): string => withSource(text, 'meta');
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await database.pool.query<Record<string, unknown>>(inSource(sql))).rows;

  /** The tables as a sync leaves them. */
  const load = async (stream: string): Promise<void> => {
    const grant = { accessToken: meta.token(), expiresAt: now.getTime() + 60 * 86_400_000 };
    const context = createContext({
      http,
      signal: new AbortController().signal,
      now: () => now,
      settings: { baseUrl: meta.url },
      wait: () => Promise.resolve(),
      tokens: accessTokens({
        now: () => now,
        load: () => Promise.resolve(grant),
        renew: () => Promise.resolve(grant),
      }),
    });
    const account = await metaAdsConnector.account({ adAccount }, null, context);
    const slice = stream === 'insights_daily' ? days : stream === 'insights_hourly' ? lastWeek : {};
    const request = {
      config: { adAccount },
      credentials: null,
      stream,
      slice,
      account,
      checkpoint: null,
      knownColumns: null,
    };
    let columns: readonly Column[] | null = null;
    for await (const batch of metaAdsConnector.read(request, context)) {
      if (!columns) {
        columns = batch.columns;
        const declared = columns.map(({ name, type }) => `"${name}" ${sqlTypes[type] ?? type}`).join(', ');
        await database.pool.query(`create table meta.${stream} (${declared})`);
      }
      const objects = batch.rows.map((row) =>
        Object.fromEntries(
          batch.columns.map(({ name, type }, at) => [
            name,
            type === 'json' && row[at] !== null ? JSON.parse(String(row[at])) : row[at],
          ]),
        ),
      );
      await database.pool.query(
        `insert into meta.${stream} select * from json_populate_recordset(null::meta.${stream}, $1)`,
        [JSON.stringify(objects)],
      );
    }
  };

  beforeAll(async () => {
    meta = await startMetaAds({ now: () => now, adsInSet: 2 });
    http = createHttpClient({ allowHosts: ['127.0.0.1'] });
    await database.pool.query('create schema meta');
    for (const stream of metaAdsTemplates[0]?.streams ?? []) await load(stream);
    for (const { models } of metaAdsTemplates)
      for (const { name, sql } of models)
        await database.pool.query(`create table ${inSource(name)} as ${inSource(sql)}`);
  }, 60_000);
  afterAll(() => Promise.all([meta.close(), http.close()]));

  it('are models and dashboards that can be created, of streams there are', () => {
    for (const { models, dashboards, streams } of metaAdsTemplates) {
      for (const model of models)
        createModel.parse({ ...model, name: inSource(model.name), sql: inSource(model.sql) });
      for (const dashboard of dashboards) createDashboard.parse(dashboard);
      const names = metaAdsConnector.streams({ adAccount }).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining([...streams]));
    }
  });

  it('have indexes that hold', async () => {
    for (const { name, indexes = [] } of metaAdsTemplates.flatMap(({ models }) => models))
      for (const { columns, unique } of indexes)
        await database.pool.query(
          `create ${unique ? 'unique ' : ''}index on ${inSource(name)} (${columns.join(', ')})`,
        );
  });

  it('have charts that show something, with the columns they name, side by side', async () => {
    const charts = metaAdsTemplates.flatMap(({ dashboards }) => dashboards.flatMap((each) => each.charts));
    for (const { title, sql, options } of charts) {
      const rows = await rowsOf(sql);
      expect([title, rows.length > 0]).toEqual([title, true]);
      const named = [options.x, options.series, ...(options.y ?? [])].filter((name) => name !== undefined);
      expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(named));
    }
    const cells = charts.flatMap(({ layout: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('add up spend to the last cent', async () => {
    const cents = meta
      .truth('insights_daily', [adAccount], days)
      .reduce((sum, { spend }) => sum + Math.round(Number(spend) * 100), 0);
    const [found] = await rowsOf('select (sum(spend) * 100)::bigint::text as cents from {source}_daily');
    expect(found).toEqual({ cents: String(cents) });
  });

  it('show today as far as it has gone, beside yesterday', async () => {
    const [found] = await rowsOf(
      'select max(hour)::int as hour, min(date)::text as first from {source}_hourly where date = (select max(date) from {source}_hourly)',
    );
    expect(found).toEqual({ hour: 12, first: '2026-11-22' });
  });
});
