import { analyticsadmin } from '@googleapis/analyticsadmin';
import { analyticsdata, type analyticsdata_v1beta } from '@googleapis/analyticsdata';
import { googleScopes, sandboxAccounts, startGoogleIdentity, type GoogleIdentity } from '../google-identity';
import { startGoogleAnalytics, type GoogleAnalytics } from './google-analytics';
import { manyProperties, sandboxProperties } from './properties';

type Ask = analyticsdata_v1beta.Schema$RunReportRequest;
type Answer = analyticsdata_v1beta.Schema$RunReportResponse;

const start = Date.parse('2026-03-11T00:30:00Z');
const { marketing, agency, newcomer } = sandboxAccounts;

const traffic: Ask = {
  dimensions: [{ name: 'date' }, { name: 'sessionSource' }, { name: 'sessionMedium' }],
  metrics: [{ name: 'totalUsers' }, { name: 'sessions' }, { name: 'totalRevenue' }],
  dateRanges: [{ startDate: '2026-03-02', endDate: '2026-03-02' }],
};

describe('the stand-in for Google Analytics', () => {
  let identity: GoogleIdentity;
  let vendor: GoogleAnalytics;
  let now = start;
  const clock = (): Date => new Date(now);

  beforeAll(async () => {
    identity = await startGoogleIdentity({ now: clock });
  });
  beforeEach(async () => {
    now = start;
    vendor = await startGoogleAnalytics({ identity, now: clock });
  });
  afterEach(() => vendor.close());
  afterAll(() => identity.close());

  const clientOf = (
    account: string = marketing.email,
    scope: string = googleScopes.analytics,
    server = vendor,
  ) => {
    const { accessToken } = identity.issue({ account, scopes: [scope] });
    const headers = { authorization: `Bearer ${accessToken}` };
    const settings = { headers, rootUrl: server.url, fetchImplementation: fetch, retry: false };
    return {
      data: analyticsdata({ version: 'v1beta', ...settings }),
      admin: analyticsadmin({ version: 'v1beta', ...settings }),
    };
  };
  const report = async (ask: Ask, property: string = sandboxProperties.store.id): Promise<Answer> => {
    const { data } = clientOf();
    return (await data.properties.runReport({ property: `properties/${property}`, requestBody: ask })).data;
  };
  const refusal = async (ask: object, property?: string): Promise<unknown> => {
    try {
      await report(ask, property);
    } catch (error) {
      return (error as { response?: { data?: { error?: unknown } } }).response?.data?.error;
    }
    throw new Error('It was not refused.');
  };
  const valuesOf = ({ rows = [] }: Answer): string[][] =>
    rows.map(({ dimensionValues = [], metricValues = [] }) =>
      [...dimensionValues, ...metricValues].map(({ value }) => value ?? ''),
    );

  it('answers a report in Google’s form, and tells the same by its truth', async () => {
    const answer = await report({ ...traffic, limit: '5', returnPropertyQuota: true });
    expect(answer).toMatchObject({
      kind: 'analyticsData#runReport',
      dimensionHeaders: [{ name: 'date' }, { name: 'sessionSource' }, { name: 'sessionMedium' }],
      metricHeaders: [
        { name: 'totalUsers', type: 'TYPE_INTEGER' },
        { name: 'sessions', type: 'TYPE_INTEGER' },
        { name: 'totalRevenue', type: 'TYPE_CURRENCY' },
      ],
      metadata: { timeZone: 'America/New_York', currencyCode: 'USD' },
      propertyQuota: { tokensPerDay: { consumed: 6, remaining: 199_994 } },
    });
    expect(answer.rows).toHaveLength(5);
    expect(answer.rowCount).toBeGreaterThan(15);
    const whole = await report(traffic);
    const truth = vendor.truth({
      property: sandboxProperties.store.id,
      dimensions: ['date', 'sessionSource', 'sessionMedium'],
      metrics: ['totalUsers', 'sessions', 'totalRevenue'],
      from: '2026-03-02',
      to: '2026-03-03',
    });
    expect(valuesOf(whole)).toEqual(truth.map(({ dimensions, metrics }) => [...dimensions, ...metrics]));
  });

  it('pages by offset in a stable order', async () => {
    const orderBys = [{ dimension: { dimensionName: 'sessionSource' } }];
    const whole = valuesOf(await report({ ...traffic, orderBys }));
    const parts: string[][] = [];
    for (let offset = 0; offset < whole.length; offset += 7)
      parts.push(...valuesOf(await report({ ...traffic, orderBys, limit: '7', offset: String(offset) })));
    expect(parts).toEqual(whole);
  });

  it('restates a day until it is three days old, and takes back what it did not know', async () => {
    const ask = { ...traffic, dateRanges: [{ startDate: '2026-03-10', endDate: '2026-03-10' }] };
    const totals: number[] = [];
    const young: boolean[] = [];
    for (let day = 0; day < 5; day++) {
      const rows = valuesOf(await report(ask));
      totals.push(rows.reduce((sum, row) => sum + Number(row[4]), 0));
      young.push(rows.some((row) => row[1] === '(data not available)'));
      now += 86_400_000;
    }
    expect(totals[1]).toBeGreaterThan(totals[0] ?? 0);
    expect(totals[3]).toBeGreaterThan(totals[2] ?? 0);
    expect(totals[4]).toBe(totals[3]);
    expect(young).toEqual([true, true, true, false, false]);
  });

  it('knows which day it is at the property', async () => {
    const today = { ...traffic, dateRanges: [{ startDate: 'today', endDate: 'today' }] };
    expect(valuesOf(await report(today))[0]?.[0]).toBe('20260310');
    expect(valuesOf(await report(today, sandboxProperties.europe.id))[0]?.[0]).toBe('20260311');
  });

  it('has counts beyond what a double holds, and money with cents', async () => {
    const answer = await report(
      {
        dimensions: [{ name: 'eventName' }],
        metrics: [{ name: 'eventCount' }],
        dateRanges: [{ startDate: '2026-03-01', endDate: '2026-03-01' }],
      },
      sandboxProperties.telemetry.id,
    );
    const [name, count = ''] = valuesOf(answer)[0] ?? [];
    expect(name).toBe('sensor_reading');
    expect(BigInt(count)).toBeGreaterThan(2n ** 53n);
    expect(valuesOf(await report(traffic)).some((row) => /^\d+\.\d\d?$/.test(row[5] ?? ''))).toBe(true);
  });

  it('leaves out rows and their count for an empty property', async () => {
    const answer = await report(traffic, sandboxProperties.empty.id);
    expect(answer.rows).toBeUndefined();
    expect(answer.rowCount).toBeUndefined();
    expect(answer.dimensionHeaders).toHaveLength(3);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown field', { rowLimit: 5 }, /Unknown name "rowLimit": Cannot find field/],
    ['an unknown field within', { metrics: [{ id: 'x' }] }, /Unknown name "id" at 'metrics\[0\]'/],
    ['a wrong type', { limit: 'many' }, /Invalid value at 'limit' \(TYPE_INT64\), "many"/],
    ['a limit of nothing', { limit: '0' }, /must be positive/],
    ['ten dimensions', { dimensions: Array(10).fill({ name: 'city' }) }, /limited to 9 dimensions.*for 10/],
    ['eleven metrics', { metrics: Array(11).fill({ name: 'sessions' }) }, /limited to 10 metrics.*for 11/],
    ['five date ranges', { dateRanges: Array(5).fill(traffic.dateRanges?.[0]) }, /limited to 4 date ranges/],
    ['no date range', { dateRanges: [] }, /dateRange is required/],
    ['an unknown dimension', { dimensions: [{ name: 'colour' }] }, /colour is not a valid dimension/],
    ['an unknown metric', { metrics: [{ name: 'conversions' }] }, /conversions is not a valid metric/],
    [
      'fields that don’t go together',
      { metrics: [{ name: 'itemRevenue' }] },
      /Please remove itemRevenue to make/,
    ],
    [
      'no day',
      { dateRanges: [{ startDate: '2026-02-30', endDate: 'today' }] },
      /Invalid startDate: 2026-02-30/,
    ],
    ['days backwards', { dateRanges: [{ startDate: 'today', endDate: 'yesterday' }] }, /after the endDate/],
    [
      'an order by what was not asked for',
      { orderBys: [{ metric: { metricName: 'newUsers' } }] },
      /not among/,
    ],
  ])('refuses %s', async (_what, change, message) => {
    expect(await refusal({ ...traffic, ...change })).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses who has no token, a token for something else, or no right to the property', async () => {
    const ask = { property: `properties/${sandboxProperties.store.id}`, requestBody: traffic };
    await expect(clientOf(agency.email).data.properties.runReport(ask)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('sufficient permissions for this property') as string,
    });
    await expect(
      clientOf(marketing.email, googleScopes.ads).data.properties.runReport(ask),
    ).rejects.toMatchObject({
      response: { data: { error: { details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } } },
    });
    const client = clientOf();
    identity.expireTokens();
    await expect(client.data.properties.runReport(ask)).rejects.toMatchObject({ status: 401 });
  });

  it('lists what each account may see, page by page, and where a property lives', async () => {
    const { admin } = clientOf();
    const first = (await admin.accountSummaries.list({ pageSize: 1 })).data;
    expect(first.accountSummaries?.map(({ displayName }) => displayName)).toEqual([
      'Harbor & Pine (Sandbox)',
    ]);
    const second = (await admin.accountSummaries.list({ pageSize: 1, pageToken: first.nextPageToken ?? '' }))
      .data;
    expect(second.accountSummaries?.[0]?.propertySummaries).toHaveLength(2);
    expect(second.nextPageToken).toBeUndefined();
    expect((await clientOf(newcomer.email).admin.accountSummaries.list()).data).toEqual({});
    const { data } = await admin.properties.get({ name: `properties/${sandboxProperties.europe.id}` });
    expect(data).toMatchObject({ timeZone: 'Europe/Berlin', currencyCode: 'EUR' });
  });

  it.each([
    ['tokensPerProjectPerHour', /^Exhausted property tokens for a project per hour\./, 3_600_000],
    ['tokensPerHour', /^Exhausted property tokens per hour\./, 3_600_000],
    ['serverErrorsPerProjectPerHour', /^Exhausted server errors quota\./, 3_600_000],
    ['tokensPerDay', /^Exhausted property tokens per day\./, 86_400_000],
  ] as const)('refuses more than %s, until its time is over', async (quota, message, period) => {
    vendor.exhaust(sandboxProperties.store.id, quota);
    expect(await refusal(traffic)).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      message: expect.stringMatching(message) as string,
    });
    await report(traffic, sandboxProperties.europe.id);
    now += period;
    await report(traffic);
  });

  it('begins a day of quota at midnight in California', async () => {
    vendor.exhaust(sandboxProperties.store.id, 'tokensPerDay');
    now = Date.parse('2026-03-11T06:59:00Z');
    expect(await refusal(traffic)).toMatchObject({ code: 429 });
    now = Date.parse('2026-03-11T07:00:00Z');
    await report(traffic);
  });

  it('counts requests for demographics, and those that are under way at once', async () => {
    vendor.exhaust(sandboxProperties.store.id, 'potentiallyThresholdedRequestsPerHour');
    await report(traffic);
    const people = { ...traffic, dimensions: [{ name: 'userGender' }] };
    expect(await refusal(people)).toMatchObject({
      message: expect.stringContaining('potentially thresholded') as string,
    });
    vendor.exhaust(sandboxProperties.store.id, 'concurrentRequests');
    expect(await refusal(traffic)).toMatchObject({
      message: expect.stringContaining('concurrent requests') as string,
    });
    vendor.relax(sandboxProperties.store.id);
    await report(traffic);
  });

  it('samples long ranges of large sites, and not a single day', async () => {
    vendor.reporting.sampledFrom = 50_000;
    const week = { ...traffic, dateRanges: [{ startDate: '2026-03-01', endDate: '2026-03-07' }] };
    const { samplingMetadatas: [sampling] = [] } = (await report(week)).metadata ?? {};
    expect(Number(sampling?.samplesReadCount)).toBeLessThan(Number(sampling?.samplingSpaceSize));
    expect((await report(traffic)).metadata?.samplingMetadatas).toBeUndefined();
  });

  it('says when it withheld rows or put rare ones together', async () => {
    vendor.reporting.withheldBelow = 60;
    vendor.reporting.mostCells = 15;
    const { metadata, rows = [] } = await report(traffic);
    expect(metadata).toMatchObject({ subjectToThresholding: true, dataLossFromOtherRow: true });
    expect(rows.some(({ dimensionValues }) => dimensionValues?.[1]?.value === '(other)')).toBe(true);
  });

  it('never gives more rows than it wants to, whatever is asked for', async () => {
    const small = await startGoogleAnalytics({
      identity,
      now: clock,
      rowsAtOnce: 4,
      properties: manyProperties(2),
    });
    const { data } = clientOf(agency.email, googleScopes.analytics, small);
    const { data: answer } = await data.properties.runReport({
      property: `properties/${small.properties[1]?.id}`,
      requestBody: { ...traffic, limit: '1000000' },
    });
    expect(answer.rows).toHaveLength(4);
    expect(answer.rowCount).toBeGreaterThan(4);
    await small.close();
  });
});
