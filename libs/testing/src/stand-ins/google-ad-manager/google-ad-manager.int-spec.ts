import { NetworkServiceClient, ReportServiceClient } from '@google-ads/admanager';
import { startGoogleIdentity, googleScopes, sandboxAccounts, type GoogleIdentity } from '../google-identity';
import { startGoogleAdManager, type GoogleAdManager } from './google-ad-manager';

const definition = {
  dimensions: ['DATE', 'AD_UNIT_ID', 'AD_UNIT_NAME', 'DEMAND_CHANNEL_NAME'],
  metrics: ['IMPRESSIONS', 'CTR', 'REVENUE'],
  reportType: 'HISTORICAL',
  timeZoneSource: 'PUBLISHER',
  currencyCode: 'USD',
  dateRange: {
    fixed: { startDate: { year: 2026, month: 3, day: 1 }, endDate: { year: 2026, month: 3, day: 2 } },
  },
} as const;

type Definition = Omit<Partial<typeof definition>, 'dimensions' | 'metrics'> & {
  dimensions?: readonly string[];
  metrics?: readonly string[];
};

describe('the stand-in for Google Ad Manager, through the real client library', () => {
  let now = new Date('2026-03-10T12:00:00Z');
  let identity: GoogleIdentity;
  let adManager: GoogleAdManager;

  beforeAll(async () => {
    identity = await startGoogleIdentity({ now: () => now });
    adManager = await startGoogleAdManager({
      identity,
      now: () => now,
      quotas: { requestsPerSecond: 1_000 },
    });
  });
  afterAll(() => Promise.all([adManager.close(), identity.close()]));

  const issue = (account: string, scope: string = googleScopes.adManager): string =>
    identity.issue({ account, scopes: [scope] }).accessToken;

  /** The library asks whatever `fetch` it is given for an answer with this token. */
  const options = (
    bearer = issue(sandboxAccounts.marketing.email),
  ): ConstructorParameters<typeof ReportServiceClient>[0] => {
    const { hostname, port } = new URL(adManager.url);
    const authClient = {
      universeDomain: 'googleapis.com',
      getRequestHeaders: () => Promise.resolve(new Headers()),
      fetch: (url: string, request: RequestInit) => {
        const headers = new Headers(request.headers);
        headers.set('authorization', `Bearer ${bearer}`);
        return fetch(url, { method: request.method ?? 'GET', headers, body: request.body ?? null });
      },
    };
    return {
      apiEndpoint: hostname,
      port: Number(port),
      protocol: 'http',
      fallback: true,
      authClient,
    } as never;
  };
  const parent = 'networks/21768590';

  const run = async (changes: Definition = {}) => {
    const client = new ReportServiceClient(options());
    const report = { reportDefinition: { ...definition, ...changes } } as never;
    const [created] = await client.createReport({ parent, report });
    const [operation] = await client.runReport({ name: created.name ?? '' });
    const shares: number[] = [];
    for (;;) {
      const progress = await client.checkRunReportProgress(operation.name ?? '');
      if (progress.error) throw progress.error;
      const { percentComplete } = progress.metadata as unknown as { percentComplete: number };
      shares.push(percentComplete);
      if (!progress.done) continue;
      const { reportResult: name } = progress.result as unknown as { reportResult: string };
      const pages = async (pageSize: number, pageToken = '') =>
        (await client.fetchReportResultRows({ name, pageSize, pageToken }, { autoPaginate: false }))[2];
      return { client, shares, pages };
    }
  };

  it('lists the networks a person may see, and none to a newcomer', async () => {
    const list = async (account: string) => {
      const [networks] = await new NetworkServiceClient(options(issue(account))).listNetworks({});
      return networks.map(({ networkCode, timeZone, currencyCode, networkId }) => [
        networkCode,
        timeZone,
        currencyCode,
        networkId,
      ]);
    };
    expect(await list(sandboxAccounts.marketing.email)).toEqual([
      ['21768590', 'America/New_York', 'USD', '9007199254741021'],
      ['22904417', 'Europe/Paris', 'EUR', '9007199254741077'],
    ]);
    expect(await list(sandboxAccounts.newcomer.email)).toEqual([]);
  });

  it('runs a report that takes several looks, and gives its rows by pages', async () => {
    const { shares, pages } = await run();
    expect(shares).toEqual([50, 100]);
    const first = await pages(100);
    expect(first.rows).toHaveLength(100);
    const truth = adManager.truth('revenue', { from: '2026-03-01', to: '2026-03-03' });
    expect(first.totalRowCount).toBe(truth.length);
    expect(first.dateRanges?.[0]).toMatchObject({ startDate: { year: 2026, month: 3, day: 1 } });
    const second = await pages(100, first.nextPageToken ?? '');
    expect(second).toMatchObject({ totalRowCount: 0, dateRanges: [], nextPageToken: '' });
    expect((first.rows?.length ?? 0) + (second.rows?.length ?? 0)).toBe(truth.length);
    expect(
      first.rows?.[0]?.dimensionValues?.map(({ intValue, stringValue }) => intValue ?? stringValue),
    ).toEqual([
      '20260301',
      truth[0]?.['ad_unit_id'],
      truth[0]?.['ad_unit_name'],
      truth[0]?.['demand_channel_name'],
    ]);
    const [impressions, ctr, revenue] = first.rows?.[0]?.metricValueGroups?.[0]?.primaryValues ?? [];
    expect([impressions?.intValue, ctr?.doubleValue, String(revenue?.doubleValue)]).toEqual([
      truth[0]?.['impressions'],
      truth[0]?.['ctr'],
      truth[0]?.['revenue'],
    ]);
    expect(adManager.requests.find(({ path }) => path.endsWith('/reports'))?.body).toContain(
      '"dimensions":[3,25,26,10]',
    );
  });

  it('writes dates and money as text when told to', async () => {
    const { pages } = await run();
    adManager.controls.encoding = 'text';
    const [row] = (await pages(1)).rows ?? [];
    adManager.controls.encoding = 'number';
    expect(row?.dimensionValues?.[0]?.stringValue).toBe('2026-03-01');
    expect(row?.metricValueGroups?.[0]?.primaryValues?.[2]?.stringValue).toMatch(/^\d+\.\d{1,6}$/);
  });

  it('has ids that no JavaScript number holds, and the same sums in every report', () => {
    const days = { from: '2026-02-01', to: '2026-02-03' };
    const ids = adManager.truth('revenue', days).map((row) => String(row['ad_unit_id']));
    expect(ids.some((id) => String(Number(id)) !== id)).toBe(true);
    const total = (stream: 'revenue' | 'geography' | 'cities' | 'inventory'): bigint =>
      adManager.truth(stream, days).reduce((all, row) => all + BigInt(row['impressions'] ?? 0), 0n);
    expect(new Set([total('revenue'), total('geography'), total('cities'), total('inventory')]).size).toBe(1);
  });

  it('restates the days before, and takes rows back', () => {
    const days = { from: '2026-03-08', to: '2026-03-11' };
    const before = adManager.truth('revenue', days);
    now = new Date('2026-03-13T12:00:00Z');
    const after = adManager.truth('revenue', days);
    now = new Date('2026-03-10T12:00:00Z');
    const clicks = (rows: typeof before): number => rows.reduce((all, row) => all + Number(row['clicks']), 0);
    expect(clicks(after)).toBeGreaterThan(1.2 * clicks(before));
    expect(after.length).toBeLessThan(before.length);
  });

  it.each<[string, Definition, RegExp]>([
    [
      'a metric that does not go with a dimension',
      { dimensions: ['DATE', 'CITY_NAME'], metrics: ['AD_REQUESTS'] },
      /not compatible/,
    ],
    [
      'a metric it does not have',
      { metrics: ['IMPRESSIONS', 'AD_SPEED_PAGE_VIEWS'] },
      /Invalid value|Duplicate|fields/,
    ],
    ['a currency of another network', { currencyCode: 'XXX' as never }, /Currency XXX is not available/],
    ['a time zone without its source', { timeZone: 'UTC' } as never, /PROVIDED only/],
    ['a reach report', { reportType: 'REACH' as never }, /no reports of this type/],
  ])('refuses %s', async (_what, changes, message) => {
    await expect(run(changes)).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses fields that its JSON does not have', async () => {
    const answer = await fetch(`${adManager.url}/v1/${parent}/reports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${issue(sandboxAccounts.marketing.email)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ reportDefinition: { ...definition, rowLimit: 10 } }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Unknown name \\"rowLimit\\"');
  });

  it('refuses tokens without the scope, of nobody, and networks of others', async () => {
    const ask = (bearer?: string, name = parent): Promise<unknown> =>
      new NetworkServiceClient(options(bearer)).getNetwork({ name });
    const unfit = issue(sandboxAccounts.agency.email, googleScopes.analytics);
    await expect(ask(unfit)).rejects.toMatchObject({
      code: 7,
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    });
    await expect(ask('ya29.nobody')).rejects.toMatchObject({ code: 16 });
    await expect(ask(undefined, 'networks/1')).rejects.toMatchObject({
      code: 7,
      reason: 'NETWORK_NOT_ACCESSIBLE',
    });
  });

  it('ends a run with an error when told to, and forgets page tokens', async () => {
    adManager.controls.failReports({ code: 13, message: 'The report could not be generated.' });
    await expect(run()).rejects.toMatchObject({ code: 13 });
    const { pages } = await run();
    const first = await pages(10);
    adManager.controls.expirePageTokens();
    await expect(pages(10, first.nextPageToken ?? '')).rejects.toMatchObject({
      code: 3,
      reason: 'EXPIRED_PAGE_TOKEN',
    });
    await expect(pages(10, 'nonsense')).rejects.toMatchObject({ code: 3, reason: 'INVALID_PAGE_TOKEN' });
  });

  it('counts requests a second and new reports an hour', async () => {
    Object.assign(adManager.controls.quotas, { requestsPerSecond: 2 });
    now = new Date('2026-03-10T13:00:00Z');
    const client = new NetworkServiceClient(options());
    const ask = (): Promise<unknown> => client.getNetwork({ name: parent });
    await ask();
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 8, reason: 'RATE_LIMIT_EXCEEDED' });
    now = new Date('2026-03-10T13:00:01Z');
    await ask();
    Object.assign(adManager.controls.quotas, { requestsPerSecond: 1_000, reportsPerHour: 1 });
    now = new Date('2026-03-10T15:00:00Z');
    await run();
    await expect(run()).rejects.toMatchObject({ code: 8, reason: 'REPORT_QUOTA_EXCEEDED' });
  });

  it('makes ninety days of a report in no time', () => {
    const began = performance.now();
    expect(adManager.truth('revenue', { from: '2025-12-10', to: '2026-03-10' }).length).toBeGreaterThan(
      8_000,
    );
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});
