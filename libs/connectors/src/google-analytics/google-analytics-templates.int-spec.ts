import {
  googleScopes,
  sandboxAccounts,
  sandboxProperties,
  startGoogleAnalytics,
  startGoogleIdentity,
  usePostgres,
} from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { googleAnalyticsConnector } from './google-analytics-connector';

const postgres = usePostgres();
const clock = new SuiteClock('2026-03-11T16:00:00Z');
const { store } = sandboxProperties;
const slice = { from: '2026-01-14', to: '2026-03-12' };
let charts: ChartRows;
let close: () => Promise<unknown>;
let sessionsFrom: (from: string, to: string) => number;

beforeAll(async () => {
  const identity = await startGoogleIdentity({ now: clock.now });
  const vendor = await startGoogleAnalytics({ identity, now: clock.now });
  close = () => Promise.all([vendor.close(), identity.close()]);
  sessionsFrom = (from, to) =>
    vendor
      .truth({
        property: store.id,
        dimensions: ['date', 'sessionSource', 'sessionMedium'],
        metrics: ['sessions'],
        from,
        to,
      })
      .reduce((sum, { metrics: [sessions] }) => sum + Number(sessions), 0);
  const { accessToken } = identity.issue({
    account: sandboxAccounts.marketing.email,
    scopes: [googleScopes.analytics],
  });
  const tokens = { get: async () => accessToken, renew: async () => accessToken };
  const http = localHttp();
  charts = await runTemplates(postgres.pool, {
    connector: googleAnalyticsConnector,
    config: { propertyId: store.id },
    credentials: null,
    context: contextFor({ settings: { baseUrl: vendor.url }, tokens }, { clock, http }),
    slice,
  });
  await http.close();
}, 60_000);
afterAll(() => close());

const rowsOf = (title: string): Record<string, unknown>[] => charts.get(title)?.rows ?? [];

it('every chart of its dashboard shows something, in a place of its own', () => {
  expect(chartFaults(googleAnalyticsConnector, charts)).toEqual([]);
});

it('compares four whole weeks with the four before, without the day under way', () => {
  const [row] = rowsOf('Sessions');
  expect({ now: Number(row?.['now']), before: Number(row?.['before']) }).toEqual({
    now: sessionsFrom('2026-02-11', '2026-03-11'),
    before: sessionsFrom('2026-01-14', '2026-02-11'),
  });
});

it('tells channels apart as Google does', () => {
  expect(rowsOf('Channels').map(({ channel }) => channel)).toEqual(
    expect.arrayContaining([
      'Organic Search',
      'Direct',
      'Paid Search',
      'Paid Social',
      'Email',
      'Organic Social',
      'SMS',
      'Referral',
      'Affiliates',
      'Not known yet',
    ]),
  );
});

it('shows shares as fractions, which the dashboard writes as percent', () => {
  const rate = Number(rowsOf('Engagement rate')[0]?.['now']);
  expect(rate).toBeGreaterThan(0.4);
  expect(rate).toBeLessThan(0.8);
});
