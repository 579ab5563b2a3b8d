import { bigQueryProject, startBigQuery, type BigQueryReason, type BigQueryStandIn } from '@freshet/testing';
import { toFreshetError, type FreshetError } from '@freshet/contracts';
import type { Batch, Checkpoint } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { createContext } from '../kit/create-context';
import { createHttpClient } from '../kit/http/http-client';
import { bigQueryConnector as connector } from './bigquery-connector';

const orders = { name: 'orders', table: 'shop.orders', key: ['order_id'], cursor: 'updated_at' };
const configOf = (...streams: object[]) => ({ projectId: bigQueryProject, streams });

describe('BigQuery', () => {
  let time = new Date('2026-03-10T15:00:00Z');
  let warehouse: BigQueryStandIn;
  const http = createHttpClient({ allowHosts: ['127.0.0.1'] });
  const now = (): Date => time;

  beforeEach(async () => {
    time = new Date('2026-03-10T15:00:00Z');
    warehouse = await startBigQuery({ now, scale: 0.1, days: 20 });
  });
  afterEach(() => warehouse.close());
  afterAll(() => http.close());

  interface Watch {
    waits?: number[];
    retries?: number[];
    /** Called before each call, counted from 1. */
    onTurn?(turn: number): void;
  }

  const contextOf = ({ waits = [], retries = [], onTurn }: Watch = {}): ConnectorContext => {
    let turns = 0;
    return createContext({
      http,
      signal: new AbortController().signal,
      now,
      settings: { baseUrl: warehouse.url },
      pacer: async () => {
        onTurn?.(++turns);
        return () => undefined;
      },
      wait: async (milliseconds) => void waits.push(milliseconds),
      retry: { random: () => 1, wait: async (milliseconds) => void retries.push(milliseconds) },
    });
  };

  const credentials = () => ({ serviceAccountKey: JSON.stringify(warehouse.key) });

  interface Outcome {
    batches: Batch[];
    rows: Batch['rows'];
    checkpoint: Checkpoint | null;
    error: FreshetError | null;
  }

  /** @param most batches to take; the read is then left */
  const read = async (
    config: unknown,
    stream: string,
    {
      checkpoint = null,
      most = Infinity,
      watch = {},
    }: { checkpoint?: Checkpoint | null; most?: number; watch?: Watch } = {},
  ): Promise<Outcome> => {
    const request = {
      config,
      credentials: credentials(),
      stream,
      slice: {},
      account: null,
      checkpoint,
      knownColumns: null,
    };
    const batches: Batch[] = [];
    let error: FreshetError | null = null;
    try {
      for await (const batch of connector.read(request, contextOf(watch)))
        if (batches.push(batch) >= most) break;
    } catch (thrown) {
      error = toFreshetError(thrown);
    }
    const last = batches.findLast((batch) => batch.checkpoint !== null);
    return {
      batches,
      rows: batches.flatMap(({ rows }) => rows),
      checkpoint: last?.checkpoint ?? checkpoint,
      error,
    };
  };

  const ids = (rows: Batch['rows']): string[] => [...new Set(rows.map(([id]) => String(id)))].sort();
  const truthIds = (table: string, column: string): string[] =>
    warehouse
      .truth(table)
      .map((row) => String(row[column]))
      .sort();
  const runs = (): unknown[] =>
    warehouse.requests
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs'))
      .map(
        ({ body }) =>
          JSON.parse(body) as { configuration: { dryRun?: boolean }; jobReference: { jobId?: string } },
      )
      .filter(({ configuration }) => configuration.dryRun !== true)
      .map(({ jobReference }) => jobReference.jobId);

  it('says in its check what a query would cost, and runs none', async () => {
    const query = { name: 'skus', query: 'SELECT sku FROM shop.products' };
    const { ok, checks } = await connector.check(configOf(orders, query), credentials(), contextOf());
    expect(ok).toBe(true);
    expect(checks.map(({ message }) => message)).toEqual([
      'Project sandbox-marketing shows 2 datasets.',
      expect.stringMatching(
        /^A whole read would be billed as [\d.]+ MB and gives 17 columns; later ones read on/,
      ) as string,
      'A whole read would be billed as 36.0 kB and gives one column.',
    ]);
    expect(runs()).toEqual([]);
  });

  it('tells where in a person’s query the mistake is', async () => {
    const config = configOf({ name: 'wrong', query: 'SELECT sku,\n  nothing\nFROM shop.products' });
    const { error } = await read(config, 'wrong');
    expect(error).toMatchObject({
      code: 'source_refused',
      message: expect.stringMatching(/Unrecognized name: nothing at \[2:3\]$/) as string,
      details: { position: 14 },
    });
    const { checks } = await connector.check(config, credentials(), contextOf());
    expect(checks.at(-1)?.message).toMatch(/nothing at \[2:3\] Correct it/);
  });

  it('takes a new token when an old one is refused, and says when the account is gone', async () => {
    warehouse.controls.mostRowsOnPage = 10;
    const watch = {
      onTurn: (turn: number) => void (turn === 4 && warehouse.controls.serviceAccount.expireTokens()),
    };
    const { error, rows } = await read(configOf(orders), 'orders', { watch });
    expect(error).toBeNull();
    expect(ids(rows)).toEqual(truthIds('orders', 'order_id'));
    expect(warehouse.controls.serviceAccount.issued).toBe(2);
    warehouse.controls.serviceAccount.isDisabled = true;
    expect((await read(configOf(orders), 'orders')).error).toMatchObject({
      code: 'source_unauthorized',
      message: expect.stringContaining('does not accept the service account’s key') as string,
    });
  });

  it('does not run a query again, nor pay for it, when the answer is lost on the way', async () => {
    const watch = { onTurn: (turn: number) => void (turn === 2 && warehouse.fail({ kind: 'lose-answer' })) };
    const { error, rows } = await read(configOf(orders), 'orders', { watch });
    expect(error).toBeNull();
    expect(ids(rows)).toEqual(truthIds('orders', 'order_id'));
    expect([runs().length, new Set(runs()).size]).toEqual([2, 1]);
  });

  it('waits for a query that takes its time', async () => {
    warehouse.controls.looks = 6;
    const waits: number[] = [];
    expect((await read(configOf(orders), 'orders', { watch: { waits } })).error).toBeNull();
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('goes on in the results of a query that an earlier run began', async () => {
    warehouse.controls.mostRowsOnPage = 10;
    const first = await read(configOf(orders), 'orders', { most: 2 });
    expect(first.checkpoint).toMatchObject({ job: { location: 'EU', read: 20 } });
    const second = await read(configOf(orders), 'orders', { checkpoint: first.checkpoint });
    expect(second.error).toBeNull();
    expect(ids([...first.rows, ...second.rows])).toEqual(truthIds('orders', 'order_id'));
    expect(runs()).toHaveLength(1);
  });

  it('reads on from the cursor when the results are gone a day later', async () => {
    warehouse.controls.mostRowsOnPage = 10;
    const first = await read(configOf(orders), 'orders', { most: 2 });
    time = new Date(time.getTime() + 25 * 3_600_000);
    const second = await read(configOf(orders), 'orders', { checkpoint: first.checkpoint });
    expect(second.error).toBeNull();
    expect(runs()).toHaveLength(2);
    expect(ids([...first.rows, ...second.rows])).toEqual(truthIds('orders', 'order_id'));
    expect(second.rows.length).toBeLessThan(truthIds('orders', 'order_id').length);
  });

  it('says that results are gone in the middle of a read, so that the kit reads them again', async () => {
    warehouse.controls.mostRowsOnPage = 10;
    const watch = { onTurn: (turn: number) => void (turn === 4 && warehouse.controls.expireJobs()) };
    const { error, batches } = await read(configOf(orders), 'orders', { watch });
    expect(batches).toHaveLength(1);
    expect(error).toMatchObject({ code: 'source_page_expired', verdict: 'retry' });
  });

  it('adds rows without a key once, and commits none before all are there', async () => {
    warehouse.controls.mostRowsOnPage = 50;
    const log = { name: 'log', table: 'shop.order_events', cursor: 'at' };
    const first = await read(configOf(log), 'log');
    expect(first.batches.map(({ checkpoint }) => checkpoint !== null)).toEqual(
      first.batches.map((_, place) => place === first.batches.length - 1),
    );
    time = new Date(time.getTime() + 24 * 3_600_000);
    const second = await read(configOf(log), 'log', { checkpoint: first.checkpoint });
    const all = [...first.rows, ...second.rows].map(([id]) => String(id)).sort();
    expect(second.rows.length).toBeGreaterThan(0);
    expect(all).toEqual(truthIds('order_events', 'event_id'));
  });

  it('never takes fewer rows than were counted for all', async () => {
    Object.assign(warehouse.controls, { mostRowsOnPage: 10, lostRows: 1 });
    expect((await read(configOf(orders), 'orders')).error).toMatchObject({
      code: 'source_changed',
      verdict: 'retry',
    });
  });

  it.each<[BigQueryReason, FreshetError['code'], number]>([
    ['accessDenied', 'source_unauthorized', 0],
    ['invalidQuery', 'source_refused', 0],
    ['notFound', 'source_not_found', 0],
    ['bytesBilledLimitExceeded', 'source_refused', 0],
    ['rateLimitExceeded', 'source_quota', 3],
    ['jobRateLimitExceeded', 'source_quota', 3],
    ['quotaExceeded', 'source_quota', 3],
    ['backendError', 'source_unreachable', 3],
    ['internalError', 'source_unreachable', 3],
  ])('takes %s for %s', async (reason, code, times) => {
    warehouse.controls.refuse(...Array.from({ length: 4 }, () => reason));
    const retries: number[] = [];
    const { error } = await read(configOf(orders), 'orders', { watch: { retries } });
    expect(error).toMatchObject({ code, details: { action: expect.stringMatching(/\.$/) as string } });
    expect(retries).toHaveLength(times);
  });

  it('tells a query that failed while it ran by its own reason', async () => {
    warehouse.controls.failJobs(['backendError', 'The job encountered an internal error.']);
    expect((await read(configOf(orders), 'orders')).error).toMatchObject({ code: 'source_unreachable' });
  });

  it('offers datasets, and tables that no stream reads yet, which can be read as they are', async () => {
    expect(await connector.choices({ projectId: bigQueryProject }, credentials(), contextOf())).toEqual([
      { field: 'dataset', value: 'shop', label: 'shop', detail: bigQueryProject },
      { field: 'dataset', value: 'amazon', label: 'amazon', detail: bigQueryProject },
    ]);
    const config = { ...configOf(orders), dataset: 'shop' };
    const found = await connector.discover(config, credentials(), contextOf());
    expect(found.map(({ name, mode, columns }) => [name, mode, columns.length])).toEqual([
      ['orders', 'upsert', 17],
      ['order_events', 'replace-all', 4],
      ['products', 'replace-all', 4],
    ]);
    const { rows, error } = await read(config, 'products');
    expect([error, rows.length]).toEqual([null, 30]);
    expect((await read(config, 'nothing')).error).toMatchObject({ code: 'source_not_found' });
  });

  it('knows Amazon’s search query performance by its tables', async () => {
    const config = { projectId: bigQueryProject, dataset: 'amazon', searchQueryPerformance: true };
    expect(connector.streams(config).map(({ name, key, cursor, mode }) => [name, key, cursor, mode])).toEqual(
      [
        ['asin_performance', ['week', 'asin', 'marketplace'], 'week', 'upsert'],
        ['search_queries', ['week', 'asin', 'search_query', 'marketplace'], 'week', 'upsert'],
      ],
    );
    const { rows, error } = await read(config, 'search_queries');
    expect([error, rows.length]).toEqual([null, warehouse.truth('search_queries').length]);
  });

  it('says what to do without an account or with a key that is none', async () => {
    const { checks } = await connector.check(configOf(orders), null, contextOf());
    expect(checks.at(-1)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/Connect a Google account, or paste a key\.$/) as string,
    });
    expect(() => connector.parseCredentials({ serviceAccountKey: '{}' })).toThrow(/whole JSON file/);
  });
});
