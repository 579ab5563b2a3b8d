import {
  googleGrant,
  googleScopes,
  sandboxAccounts,
  startGoogleAdManager,
  startGoogleIdentity,
  usePostgres,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { googleAdManagerConnector } from './google-ad-manager-connector';

const postgres = usePostgres();
const clock = new SuiteClock('2026-03-15T18:00:00Z');
const { now } = clock;
const slice = { from: '2026-01-10', to: '2026-03-16' };
let charts: ChartRows;
let truth: Record<string, unknown>[] = [];

beforeAll(async () => {
  const identity = await startGoogleIdentity({ now });
  const quotas = { requestsPerSecond: 1_000, reportsPerHour: 10_000 };
  const adManager = await startGoogleAdManager({ identity, now, quotas });
  const account = sandboxAccounts.marketing.email;
  const grant = googleGrant(identity, { account, scopes: [googleScopes.adManager], now });
  const http = localHttp();
  const vendor = { settings: { baseUrl: adManager.url }, tokens: accessTokens(grant.vault) };
  charts = await runTemplates(postgres.pool, {
    connector: googleAdManagerConnector,
    config: { networkCode: '21768590' },
    credentials: null,
    context: contextFor(vendor, { clock, http }),
    slice,
  });
  truth = adManager.truth('revenue', slice);
  await Promise.all([http.close(), adManager.close(), identity.close()]);
}, 60_000);

it('every chart of its dashboards shows something, in a place of its own', () => {
  expect(chartFaults(googleAdManagerConnector, charts)).toEqual([]);
});

it('revenue adds up to the last digit', async () => {
  const micros = truth.reduce((sum, row) => sum + BigInt(Math.round(Number(row['revenue']) * 1e6)), 0n);
  const { rows } = await postgres.pool.query(
    'select (sum(revenue) * 1000000)::bigint::text as micros from sandbox_daily',
  );
  expect(rows).toEqual([{ micros: String(micros) }]);
});
