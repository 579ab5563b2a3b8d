import { createDashboard, createModel } from '@freshet/contracts';
import { startKlaviyo, usePostgres, type KlaviyoStandIn } from '@freshet/testing';
import type { Column, ColumnType } from '../kit/column';
import { createContext } from '../kit/create-context';
import { createHttpClient, type HttpClient } from '../kit/http/http-client';
import { withSource } from '../kit/template';
import { klaviyoConnector } from './klaviyo-connector';
import { klaviyoTemplates } from './templates';

const now = new Date('2026-11-22T14:00:00Z');
const sqlTypes: Partial<Record<ColumnType, string>> = {
  double: 'double precision',
  timestamp: 'timestamptz',
  json: 'jsonb',
};
const days = { from: '2026-08-24', to: '2026-11-23' };

describe('the templates of Klaviyo', () => {
  const database = usePostgres();
  let klaviyo: KlaviyoStandIn;
  let http: HttpClient;
  const inSource = (text: string): string => withSource(text, 'klaviyo');
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await database.pool.query<Record<string, unknown>>(inSource(sql))).rows;

  /** The tables as a sync leaves them, of 90 days. */
  const load = async (stream: string): Promise<void> => {
    const context = createContext({
      http,
      signal: new AbortController().signal,
      now: () => now,
      settings: { baseUrl: klaviyo.url },
    });
    const secrets = { apiKey: klaviyo.apiKey };
    const account = await klaviyoConnector.account({}, secrets, context);
    const isSliced = klaviyoConnector.streams({}).find(({ name }) => name === stream)?.slicing;
    const request = {
      config: {},
      credentials: secrets,
      stream,
      slice: isSliced ? days : {},
      account,
      checkpoint: null,
      knownColumns: null,
    };
    let columns: readonly Column[] | null = null;
    for await (const batch of klaviyoConnector.read(request, context)) {
      if (!columns) {
        columns = batch.columns;
        const declared = columns.map(({ name, type }) => `"${name}" ${sqlTypes[type] ?? type}`).join(', ');
        await database.pool.query(`create table klaviyo.${stream} (${declared})`);
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
        `insert into klaviyo.${stream} select * from json_populate_recordset(null::klaviyo.${stream}, $1)`,
        [JSON.stringify(objects)],
      );
    }
  };

  beforeAll(async () => {
    klaviyo = await startKlaviyo({ now: () => now, people: 200, eventsADay: 16, historyDays: 95 });
    http = createHttpClient({ allowHosts: ['127.0.0.1'] });
    await database.pool.query('create schema klaviyo');
    for (const stream of klaviyoTemplates[0]?.streams ?? []) await load(stream);
    for (const { models } of klaviyoTemplates)
      for (const { name, sql } of models)
        await database.pool.query(`create table ${inSource(name)} as ${inSource(sql)}`);
  }, 60_000);
  afterAll(() => Promise.all([klaviyo.close(), http.close()]));

  it('are models and dashboards that can be created, of streams there are', () => {
    for (const { models, dashboards, streams } of klaviyoTemplates) {
      for (const model of models)
        createModel.parse({ ...model, name: inSource(model.name), sql: inSource(model.sql) });
      for (const dashboard of dashboards) createDashboard.parse(dashboard);
      const names = klaviyoConnector.streams({}).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining([...streams]));
    }
  });

  it('have indexes that hold', async () => {
    for (const { name, indexes = [] } of klaviyoTemplates.flatMap(({ models }) => models))
      for (const { columns, unique } of indexes)
        await database.pool.query(
          `create ${unique ? 'unique ' : ''}index on ${inSource(name)} (${columns.join(', ')})`,
        );
  });

  it('have charts that show something, with the columns they name, side by side', async () => {
    const charts = klaviyoTemplates.flatMap(({ dashboards }) => dashboards.flatMap((each) => each.charts));
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

  it('count orders as the events do, to the last digit of their value', async () => {
    const ordered = klaviyo.truth('metrics').find(({ name }) => name === 'Placed Order')?.['id'];
    const truth = klaviyo.truth('events', days).filter((event) => event['metric_id'] === ordered);
    const [found] = await rowsOf(
      "select sum(events)::int as orders from {source}_events_daily where metric = 'Placed Order'",
    );
    expect(found).toEqual({ orders: truth.length });
    const [values] = await rowsOf(
      "select sum(value)::text as value from {source}.events where metric_id = (select id from {source}.metrics where name = 'Placed Order')",
    );
    const exact = await database.pool.query(
      'select sum(value)::text as value from unnest($1::numeric[]) value',
      [truth.map(({ value }) => value)],
    );
    expect(values).toEqual(exact.rows[0]);
  });

  it('tell what flows sent', async () => {
    const sent = await rowsOf('select name from {source}_flows where received > 0');
    expect(sent.length).toBeGreaterThan(3);
  });
});
