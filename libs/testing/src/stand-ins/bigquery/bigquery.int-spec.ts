import { BigQuery, type Query } from '@google-cloud/bigquery';
import { JWT, OAuth2Client } from 'google-auth-library';
import { googleScopes, sandboxAccounts, startGoogleIdentity, type GoogleIdentity } from '../google-identity';
import { startBigQuery, type BigQueryStandIn } from './bigquery';

const noon = new Date('2026-03-10T12:00:00Z');
const now = (): Date => noon;

describe('the stand-in for BigQuery, through the real client library', () => {
  let identity: GoogleIdentity;
  let warehouse: BigQueryStandIn;

  beforeEach(async () => {
    identity = await startGoogleIdentity({ now });
    warehouse = await startBigQuery({ identity, now, scale: 0.1, days: 30 });
  });
  afterEach(() => Promise.all([warehouse.close(), identity.close()]));

  const serviceAccount = (changes: { key?: string; scopes?: string[] } = {}): JWT =>
    new JWT({
      email: warehouse.key.client_email,
      key: changes.key ?? warehouse.key.private_key,
      scopes: changes.scopes ?? ['https://www.googleapis.com/auth/bigquery'],
      transporterOptions: {
        fetchImplementation: (_url, init) => fetch(`${warehouse.url}/token`, init),
        retry: false,
      },
    });

  const person = (account: string, scope: string = googleScopes.bigQuery): OAuth2Client => {
    const client = new OAuth2Client();
    client.setCredentials({ access_token: identity.issue({ account, scopes: [scope] }).accessToken });
    return client;
  };

  const clientOf = (authClient: OAuth2Client = person(sandboxAccounts.marketing.email)): BigQuery =>
    new BigQuery({
      projectId: warehouse.projectId,
      apiEndpoint: warehouse.url,
      authClient,
      autoRetry: false,
    });

  const query = async (sql: string, options: Partial<Query> = {}): Promise<Record<string, unknown>[]> => {
    const [job] = await clientOf().createQueryJob({ query: sql, ...options });
    const [rows] = await job.getQueryResults({ wrapIntegers: true });
    return rows as Record<string, unknown>[];
  };

  it('lists datasets and tables with their schemas', async () => {
    const client = clientOf();
    const [datasets] = await client.getDatasets();
    expect(datasets.map(({ id, location }) => [id, location])).toEqual([
      ['shop', 'EU'],
      ['amazon', 'US'],
    ]);
    const [tables] = await client.dataset('shop').getTables();
    expect(tables.map(({ id }) => id)).toEqual(['orders', 'order_events', 'products']);
    const [{ schema, numRows }] = (await client
      .dataset('shop')
      .table('products')
      .getMetadata()) as unknown as [{ schema: { fields: { name: string }[] }; numRows: string }];
    expect([schema.fields.map(({ name }) => name), numRows]).toEqual([
      ['sku', 'name', 'price', 'stock'],
      '30',
    ]);
  });

  it('has values of every type, exact', async () => {
    const [row] = await query('SELECT * FROM `shop.orders` ORDER BY `order_id` LIMIT 1');
    const [truth] = warehouse
      .truth('orders')
      .sort((a, b) => (String(a['order_id']) < String(b['order_id']) ? -1 : 1));
    const shown = JSON.parse(JSON.stringify(row)) as Record<string, { value: string } & string>;
    expect(Number.isSafeInteger(Number(truth?.['order_id']))).toBe(false);
    expect(shown['order_id']?.value).toBe(truth?.['order_id']);
    expect(shown['updated_at']?.value).toBe(truth?.['updated_at']);
    expect([shown['total'], shown['exchange_rate']].map(String)).toEqual([
      String(Number(truth?.['total'])),
      expect.stringMatching(/^\d\.1234567891234567/) as string,
    ]);
    expect(shown['ship_date']?.value).toBe(truth?.['ship_date']);
    expect(JSON.stringify(shown['items'])).toContain('sku');
  });

  it('writes timestamps as seconds with an exponent unless asked for microseconds', async () => {
    const raw = async (format: string): Promise<string> => {
      const headers = {
        authorization: `Bearer ${identity.issue({ account: sandboxAccounts.marketing.email, scopes: [googleScopes.bigQuery] }).accessToken}`,
      };
      const base = `${warehouse.url}/bigquery/v2/projects/${warehouse.projectId}`;
      const body = {
        configuration: {
          query: { query: 'SELECT updated_at FROM shop.orders LIMIT 1', useLegacySql: false },
        },
      };
      const made = await fetch(`${base}/jobs`, { method: 'POST', headers, body: JSON.stringify(body) });
      const { jobReference } = (await made.json()) as { jobReference: { jobId: string } };
      const results = await fetch(`${base}/queries/${jobReference.jobId}?location=EU${format}`, { headers });
      return ((await results.json()) as { rows: { f: { v: string }[] }[] }).rows[0]?.f[0]?.v ?? '';
    };
    expect(await raw('')).toMatch(/^\d\.\d+E9$/);
    expect(await raw('&formatOptions.useInt64Timestamp=true')).toMatch(/^\d{16}$/);
  });

  it('filters by a parameter and orders', async () => {
    const from = '2026-03-09T00:00:00Z';
    const rows = await query(
      'SELECT * FROM (\nSELECT event_id, at FROM shop.order_events\n) AS q WHERE `at` >= @from ORDER BY `at`, `event_id`',
      {
        params: { from: BigQuery.timestamp(from) },
      },
    );
    const expected = warehouse.truth('order_events').filter(({ at }) => String(at) >= from);
    expect(rows.map((row) => row['event_id'])).toEqual(
      expected
        .sort((a, b) => (`${a['at']}${a['event_id']}` < `${b['at']}${b['event_id']}` ? -1 : 1))
        .map((row) => row['event_id']),
    );
  });

  it('says what a query would read without running it', async () => {
    const [job] = await clientOf().createQueryJob({ query: 'SELECT * FROM shop.products', dryRun: true });
    const { statistics } = job.metadata as {
      statistics: { totalBytesProcessed: string; query: { schema: { fields: unknown[] } } };
    };
    expect([Number(statistics.totalBytesProcessed) > 0, statistics.query.schema.fields.length]).toEqual([
      true,
      4,
    ]);
  });

  it('gives results by pages, to those who know job, place and token', async () => {
    warehouse.controls.mostRowsOnPage = 8;
    const client = clientOf();
    const [job] = await client.createQueryJob({ query: 'SELECT sku FROM shop.products', jobId: 'mine' });
    expect(job.location).toBe('EU');
    const [first, next] = await job.getQueryResults({ autoPaginate: false });
    const again = clientOf().job('mine', { location: 'EU' });
    const [second] = await again.getQueryResults({ ...next, autoPaginate: false });
    expect([first.length, second.length]).toEqual([8, 8]);
    expect(second).not.toEqual(first);
    await expect(
      client.createQueryJob({ query: 'SELECT sku FROM shop.products', jobId: 'mine' }),
    ).rejects.toMatchObject({ code: 409 });
    await expect(client.job('mine').getQueryResults()).rejects.toMatchObject({ code: 404 });
    warehouse.controls.expirePageTokens();
    await expect(again.getQueryResults({ ...next, autoPaginate: false })).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining('page token') as string,
    });
    warehouse.controls.expireJobs();
    await expect(again.getQueryResults()).rejects.toMatchObject({
      code: 404,
      message: expect.stringContaining('Not found: Job') as string,
    });
  });

  it.each([
    ['SELECT *\nFROM shop.orders WHERE', 'invalidQuery', /end of script.* at \[2:23\]/],
    ['SELECT nothing FROM shop.orders', 'invalidQuery', /Unrecognized name: nothing at \[1:8\]/],
    ['SELECT * FROM shop.nothing', 'notFound', /Not found: Table/],
    ['SELECT * FROM nothing.orders', 'notFound', /Not found: Dataset/],
    ['SELECT * FROM `other-project.shop.orders`', 'accessDenied', /Access Denied/],
    ['DELETE FROM shop.orders', 'invalidQuery', /Unexpected "DELETE" at \[1:1\]/],
  ])('refuses %j', async (sql, reason, message) => {
    await expect(query(sql)).rejects.toMatchObject({
      message: expect.stringMatching(message) as string,
      errors: [expect.objectContaining({ reason })],
    });
  });

  it('lets a service account in by a signed assertion, and nobody by a wrong one', async () => {
    const [rows] = await clientOf(serviceAccount()).query('SELECT sku FROM shop.products LIMIT 2');
    expect(rows).toHaveLength(2);
    const other = (await import('node:crypto'))
      .generateKeyPairSync('rsa', { modulusLength: 2_048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' });
    await expect(serviceAccount({ key: String(other) }).authorize()).rejects.toThrow(/Invalid JWT Signature/);
    await expect(
      serviceAccount({ scopes: ['https://www.googleapis.com/auth/drive'] }).authorize(),
    ).rejects.toThrow(/invalid_scope/);
    warehouse.controls.serviceAccount.isDisabled = true;
    await expect(serviceAccount().authorize()).rejects.toThrow(/account not found/);
  });

  it('refuses people without a role, and tokens without the scope', async () => {
    const list = (client: OAuth2Client): Promise<unknown> => clientOf(client).getDatasets();
    await expect(list(person(sandboxAccounts.newcomer.email))).rejects.toMatchObject({ code: 403 });
    await expect(list(person(sandboxAccounts.marketing.email, googleScopes.ads))).rejects.toMatchObject({
      code: 403,
    });
  });

  it('has weeks of search query performance, where a brand’s own words convert best', () => {
    const rows = warehouse.truth('search_queries');
    expect(rows.length).toBeGreaterThan(400);
    expect(new Set(rows.map((row) => row['week'])).size).toBeGreaterThanOrEqual(4);
    expect(rows.every((row) => Number(row['asin_clicks']) <= Number(row['total_clicks']))).toBe(true);
  });
});
