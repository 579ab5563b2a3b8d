import { createDashboard, createModel } from '@freshet/contracts';
import { sandboxCustomers, startGoogleAds, usePostgres, type GoogleAds } from '@freshet/testing';
import type { ColumnType } from '../kit/column';
import { withSource } from '../kit/template';
import { adsStreams } from './ads-streams';
import { googleAdsTemplates } from './templates';

const { us, eu } = sandboxCustomers;
const now = new Date('2026-03-15T18:00:00Z');
const sqlTypes: Partial<Record<ColumnType, string>> = {
  double: 'double precision',
  timestamp: 'timestamptz',
  json: 'jsonb',
};

describe('the templates of Google Ads', () => {
  const database = usePostgres();
  let ads: GoogleAds;
  const inSource = (text: string): string => withSource(text, 'ads_main');
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await database.pool.query<Record<string, unknown>>(inSource(sql))).rows;

  beforeAll(async () => {
    ads = await startGoogleAds({ now: () => now });
    const window = { from: '2026-01-01', to: '2026-03-15' };
    await database.pool.query('create schema ads_main');
    for (const stream of ['campaign_performance', 'search_terms'] as const) {
      const { columns = [] } = adsStreams.find(({ name }) => name === stream) ?? {};
      const declared = columns.map(({ name, type }) => `${name} ${sqlTypes[type] ?? type}`).join(', ');
      await database.pool.query(`create table ads_main.${stream} (${declared})`);
      await database.pool.query(
        `insert into ads_main.${stream} select * from json_populate_recordset(null::ads_main.${stream}, $1)`,
        [JSON.stringify(ads.truth(stream, window, [us.id, eu.id]))],
      );
    }
    for (const { models } of googleAdsTemplates)
      for (const { name, sql } of models)
        await database.pool.query(`create table ${inSource(name)} as ${inSource(sql)}`);
  });
  afterAll(() => ads.close());

  it('are models and dashboards that can be created, of streams there are', () => {
    for (const { models, dashboards, streams } of googleAdsTemplates) {
      for (const model of models)
        createModel.parse({ ...model, name: inSource(model.name), sql: inSource(model.sql) });
      for (const dashboard of dashboards) createDashboard.parse(dashboard);
      for (const stream of streams) expect(adsStreams.map(({ name }) => name)).toContain(stream);
    }
  });

  it('have indexes and guards that hold', async () => {
    for (const { name, indexes = [] } of googleAdsTemplates.flatMap(({ models }) => models))
      for (const { columns, unique } of indexes)
        await database.pool.query(
          `create ${unique ? 'unique ' : ''}index on ${inSource(name)} (${columns.join(', ')})`,
        );
    const [{ wrong } = { wrong: null }] = await rowsOf(
      'select count(*)::int as wrong from {source}_campaigns_daily where spend is null or roas not between 0 and 1000',
    );
    expect(wrong).toBe(0);
  });

  it('have charts that show something, with the columns they name', async () => {
    const charts = googleAdsTemplates.flatMap(({ dashboards }) => dashboards.flatMap((each) => each.charts));
    for (const { title, sql, options } of charts) {
      const rows = await rowsOf(sql);
      expect([title, rows.length > 0]).toEqual([title, true]);
      const named = [options.x, ...(options.y ?? [])].filter((name) => name !== undefined);
      expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(named));
    }
  });

  it('fit charts side by side', () => {
    for (const { charts } of googleAdsTemplates.flatMap(({ dashboards }) => dashboards)) {
      const cells = charts.flatMap(({ layout: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      for (const { layout } of charts) expect(layout.x + layout.w).toBeLessThanOrEqual(12);
    }
  });

  it('add up spend to the last digit, and never across currencies', async () => {
    const micros = (customer: string): bigint =>
      ads
        .truth('campaign_performance', { from: '2026-02-15', to: '2026-03-15' }, [customer])
        .reduce((sum, { cost }) => sum + BigInt(Math.round(Number(cost) * 1e6)), 0n);
    const sums = await rowsOf(
      "select currency, (sum(spend) * 1000000)::bigint::text as micros from {source}_daily where date >= '2026-02-15' group by 1 order by 1",
    );
    expect(sums).toEqual([
      { currency: 'EUR', micros: String(micros(eu.id)) },
      { currency: 'USD', micros: String(micros(us.id)) },
    ]);
    const main = await rowsOf('select distinct currency from {source}_daily where is_main');
    expect(main).toHaveLength(1);
  });
});
