import { startSwitchboard, usePostgres } from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { dateIn } from '../kit/passes';
import { switchboardConnector } from './switchboard-connector';

const postgres = usePostgres();
const timeZone = 'America/New_York';
/** Queries look at the database's clock, so the sandbox lives now. */
const now = new Date();
const daysAgo = (days: number): string => dateIn(new Date(now.getTime() - days * 86_400_000), timeZone);
const slice = { from: daysAgo(89), to: daysAgo(-1) };
const standIn = startSwitchboard({ now: () => now, scale: 0.3, days: 100 });
let charts: ChartRows;

beforeAll(async () => {
  const { url, accountId, secretKey } = await standIn;
  const http = localHttp();
  const context = contextFor(
    { settings: { baseUrl: url } },
    { clock: new SuiteClock(now.toISOString()), http },
  );
  const credentials = { accountId, secretKey };
  const source = { connector: switchboardConnector, config: { timeZone }, credentials, context, slice };
  charts = await runTemplates(postgres.pool, source);
  await http.close();
}, 60_000);
afterAll(async () => (await standIn).close());

it('every chart of its dashboard shows something, in a place of its own', () => {
  expect(chartFaults(switchboardConnector, charts)).toEqual([]);
});

it('what was raised is the sum over broadcasts, to the cent', async () => {
  const cut = await postgres.pool.query<{ day: string }>('SELECT (current_date - 30)::text AS day');
  const since = cut.rows[0]?.day ?? '';
  const cents = (await standIn)
    .truth('broadcasts', slice, timeZone)
    .filter(({ created_on }) => String(created_on) > since)
    .reduce((sum, { amount_raised }) => sum + Math.round(Number(amount_raised) * 100), 0);
  expect(charts.get('Raised by text')?.rows[0]?.['now']).toBe((cents / 100).toFixed(2));
});
