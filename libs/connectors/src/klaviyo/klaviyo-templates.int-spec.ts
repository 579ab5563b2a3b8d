import { startKlaviyo, usePostgres, type KlaviyoStandIn } from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { klaviyoConnector } from './klaviyo-connector';

const postgres = usePostgres();
const clock = new SuiteClock('2026-11-22T14:00:00Z');
/** The tables as a sync leaves them, of 90 days. */
const slice = { from: '2026-08-24', to: '2026-11-23' };
let klaviyo: KlaviyoStandIn;
let charts: ChartRows;

const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await postgres.pool.query<Record<string, unknown>>(sql)).rows;

beforeAll(async () => {
  const began = clock.now();
  klaviyo = await startKlaviyo({ now: () => began, people: 200, eventsADay: 16, historyDays: 95 });
  const http = localHttp();
  charts = await runTemplates(postgres.pool, {
    connector: klaviyoConnector,
    config: {},
    credentials: { apiKey: klaviyo.apiKey },
    context: contextFor({ settings: { baseUrl: klaviyo.url } }, { clock, http }),
    slice,
  });
  await http.close();
}, 60_000);
afterAll(() => klaviyo.close());

it('every chart of its dashboards shows something, in a place of its own', () => {
  expect(chartFaults(klaviyoConnector, charts)).toEqual([]);
});

it('orders are counted as the events do, to the last digit of their value', async () => {
  const ordered = klaviyo.truth('metrics').find(({ name }) => name === 'Placed Order')?.['id'];
  const truth = klaviyo.truth('events', slice).filter((event) => event['metric_id'] === ordered);
  expect(
    await rowsOf("select sum(events)::int as orders from sandbox_events_daily where metric = 'Placed Order'"),
  ).toEqual([{ orders: truth.length }]);
  const exact = await postgres.pool.query(
    'select sum(value)::text as value from unnest($1::numeric[]) value',
    [truth.map(({ value }) => value)],
  );
  expect(
    await rowsOf(
      "select sum(value)::text as value from sandbox.events where metric_id = (select id from sandbox.metrics where name = 'Placed Order')",
    ),
  ).toEqual(exact.rows);
});

it('what flows sent is told', async () => {
  const sent = await rowsOf('select name from sandbox_flows where received > 0');
  expect(sent.length).toBeGreaterThan(3);
});
