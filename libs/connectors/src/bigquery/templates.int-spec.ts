import {
  bigQueryProject,
  googleGrant,
  googleScopes,
  sandboxAccounts,
  startBigQuery,
  startGoogleIdentity,
  usePostgres,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { bigQueryConnector } from './bigquery-connector';

const postgres = usePostgres();
const clock = new SuiteClock('2026-03-15T18:00:00Z');
const { now } = clock;
let charts: ChartRows;

beforeAll(async () => {
  const identity = await startGoogleIdentity({ now });
  const warehouse = await startBigQuery({ identity, now, days: 90 });
  const account = sandboxAccounts.marketing.email;
  const grant = googleGrant(identity, { account, scopes: [googleScopes.bigQuery], now });
  const http = localHttp();
  const vendor = { settings: { baseUrl: warehouse.url }, tokens: accessTokens(grant.vault) };
  charts = await runTemplates(postgres.pool, {
    connector: bigQueryConnector,
    config: { projectId: bigQueryProject, dataset: 'amazon', searchQueryPerformance: true },
    credentials: null,
    context: contextFor(vendor, { clock, http }),
    slice: { from: '', to: '' },
  });
  await Promise.all([http.close(), warehouse.close(), identity.close()]);
}, 60_000);

it('every chart of its dashboards shows something, in a place of its own', () => {
  expect(chartFaults(bigQueryConnector, charts)).toEqual([]);
});

it('shares lie between nothing and everything', async () => {
  const { rows } = await postgres.pool.query(
    'select count(*)::int as "all", count(*) filter (where click_share not between 0 and 1 or purchase_share not between 0 and 1)::int as wrong from sandbox_keyword_weekly',
  );
  expect(rows).toEqual([{ all: expect.any(Number), wrong: 0 }]);
  expect(rows[0]?.all).toBeGreaterThan(0);
});
