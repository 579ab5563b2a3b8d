import { startActBlue, usePostgres } from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { dateIn } from '../kit/passes';
import { actBlueConnector } from './actblue-connector';

const postgres = usePostgres();
/** Queries look at the database's clock, so the sandbox lives now. */
const now = new Date();
const daysAgo = (days: number): string =>
  dateIn(new Date(now.getTime() - days * 86_400_000), 'America/New_York');
const slice = { from: daysAgo(89), to: daysAgo(-1) };
const standIn = startActBlue({ now: () => now, scale: 0.3, polls: 0 });
let charts: ChartRows;

beforeAll(async () => {
  const { url, clientUuid, clientSecret } = await standIn;
  const http = localHttp();
  const clock = new SuiteClock(now.toISOString());
  const context = contextFor({ settings: { baseUrl: url } }, { clock, http });
  const source = {
    connector: actBlueConnector,
    config: {},
    credentials: { clientUuid, clientSecret },
    context,
    slice,
  };
  charts = await runTemplates(postgres.pool, source);
  await http.close();
}, 60_000);
afterAll(async () => (await standIn).close());

const rowsOf = (title: string): Record<string, unknown>[] => charts.get(title)?.rows ?? [];

it('every chart of its dashboards shows something, in a place of its own', () => {
  expect(chartFaults(actBlueConnector, charts)).toEqual([]);
});

it('what was raised is what was given, less what was given back, to the cent', async () => {
  const { truth } = await standIn;
  const cut = await postgres.pool.query<{ day: string }>('SELECT (current_date - 30)::text AS day');
  const since = cut.rows[0]?.day ?? '';
  const refunded = new Set(truth('refunds', slice).map(({ lineitem_id }) => lineitem_id));
  const cents = truth('contributions', slice)
    .filter(({ lineitem_id, paid_on }) => !refunded.has(lineitem_id) && String(paid_on) > since)
    .reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  expect(rowsOf('Raised')[0]?.['now']).toBe((cents / 100).toFixed(2));
});

it('counts each monthly donation that has not ended once', () => {
  expect(Number(rowsOf('Active monthly donations')[0]?.['active'])).toBeGreaterThan(5);
  expect(rowsOf('Why they ended').map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(['donor_request', 'card_declined']),
  );
});
