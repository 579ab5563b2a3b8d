import { startClientTether, usePostgres } from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { clientTetherConnector } from './clienttether-connector';

const postgres = usePostgres();
/** Queries look at the database's clock, so the sandbox lives now. */
const now = new Date();
const standIn = startClientTether({ now: () => now, days: 110 });
let charts: ChartRows;

beforeAll(async () => {
  const { url, accessToken, webKey, timeZone } = await standIn;
  const http = localHttp();
  const context = contextFor(
    { settings: { baseUrl: url } },
    { clock: new SuiteClock(now.toISOString()), http },
  );
  const credentials = { accessToken, webKey };
  const slice = { from: '', to: '' };
  const source = { connector: clientTetherConnector, config: { timeZone }, credentials, context, slice };
  charts = await runTemplates(postgres.pool, source);
  await http.close();
}, 60_000);
afterAll(async () => (await standIn).close());

const rowsOf = (title: string): Record<string, unknown>[] => charts.get(title)?.rows ?? [];

it('every chart of its dashboards shows something, in a place of its own', () => {
  expect(chartFaults(clientTetherConnector, charts)).toEqual([]);
});

it('counts leads by source and by status to the same total', async () => {
  const total = String((await standIn).truth('leads', []).length);
  const sum = (title: string): string =>
    String(rowsOf(title).reduce((all, { leads }) => all + Number(leads), 0));
  expect([rowsOf('Leads')[0]?.['leads'], sum('Leads by source'), sum('Leads by status')]).toEqual([
    total,
    total,
    total,
  ]);
});

it('puts the heaviest candidate first, the newest note first, and the next appointment first', () => {
  const falling = (values: readonly number[]): boolean =>
    values.every((value, at) => at === 0 || value <= (values[at - 1] ?? 0));
  expect(falling(rowsOf('Hot list').map(({ weighted_iff }) => Number(weighted_iff)))).toBe(true);
  expect(falling(rowsOf('Notes').map(({ note_date }) => Number(note_date)))).toBe(true);
  const times = rowsOf('Schedule').map(({ scheduled_at }) => Number(scheduled_at));
  expect(falling(times.map((time) => -time))).toBe(true);
  expect(Math.min(...times)).toBeGreaterThan(now.getTime());
});
