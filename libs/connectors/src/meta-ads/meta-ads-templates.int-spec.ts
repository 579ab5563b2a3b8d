import { sandboxAdAccounts, startMetaAds, usePostgres, type MetaAdsStandIn } from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { metaAdsConnector } from './meta-ads-connector';

const postgres = usePostgres();
const clock = new SuiteClock('2026-11-22T20:00:00Z');
const slice = { from: '2026-09-01', to: '2026-11-23' };
const lastWeek = { from: '2026-11-16', to: '2026-11-23' };
const adAccount = sandboxAdAccounts[0]?.id ?? '';
let meta: MetaAdsStandIn;
let charts: ChartRows;

const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await postgres.pool.query<Record<string, unknown>>(sql)).rows;

beforeAll(async () => {
  const began = clock.now();
  const now = (): Date => began;
  meta = await startMetaAds({ now, adsInSet: 2 });
  const grant = { accessToken: meta.token(), expiresAt: began.getTime() + 60 * 86_400_000 };
  const kept = { now, load: () => Promise.resolve(grant), renew: () => Promise.resolve(grant) };
  const vendor = { settings: { baseUrl: meta.url }, tokens: accessTokens(kept) };
  const http = localHttp();
  charts = await runTemplates(postgres.pool, {
    connector: metaAdsConnector,
    config: { adAccount },
    credentials: null,
    context: contextFor(vendor, { clock, http }),
    slice,
    slices: { insights_hourly: lastWeek },
  });
  await http.close();
}, 60_000);
afterAll(() => meta.close());

it('every chart of its dashboards shows something, in a place of its own', () => {
  expect(chartFaults(metaAdsConnector, charts)).toEqual([]);
});

it('spend adds up to the last cent', async () => {
  const cents = meta
    .truth('insights_daily', [adAccount], slice)
    .reduce((sum, { spend }) => sum + Math.round(Number(spend) * 100), 0);
  expect(await rowsOf('select (sum(spend) * 100)::bigint::text as cents from sandbox_daily')).toEqual([
    { cents: String(cents) },
  ]);
});

it('today is shown as far as it has gone, beside yesterday', async () => {
  const [found] = await rowsOf(
    'select max(hour)::int as hour, min(date)::text as first from sandbox_hourly where date = (select max(date) from sandbox_hourly)',
  );
  expect(found).toEqual({ hour: 12, first: '2026-11-22' });
});
