import {
  ApiKeySession,
  CampaignsApi,
  EventsApi,
  FilterBuilder,
  ListsApi,
  MetricsApi,
  ProfilesApi,
  ReportingApi,
  RetryWithExponentialBackoff,
} from 'klaviyo-api';
import { startKlaviyo, type KlaviyoOptions, type KlaviyoStandIn } from './klaviyo';

const now = new Date('2026-11-22T14:00:00Z');
const once = new RetryWithExponentialBackoff({ numRetries: 1, retryCodes: [] });

describe('the stand-in for Klaviyo', () => {
  const open: KlaviyoStandIn[] = [];
  const start = async (options: KlaviyoOptions = {}): Promise<KlaviyoStandIn> => {
    const klaviyo = await startKlaviyo({ now: () => now, ...options });
    open.push(klaviyo);
    return klaviyo;
  };
  const session = (key = 'pk_sandbox_key'): ApiKeySession => new ApiKeySession(key, once);
  const at = <Api extends { basePath: string }>(klaviyo: KlaviyoStandIn, api: Api): Api => {
    api.basePath = klaviyo.url;
    return api;
  };
  const raw = (
    klaviyo: KlaviyoStandIn,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${klaviyo.url}${path}`, {
      headers: { authorization: 'Klaviyo-API-Key pk_sandbox_key', revision: '2026-07-15', ...headers },
    });
  const refused = async (
    call: Promise<unknown>,
  ): Promise<{ status: number; error: Record<string, unknown> }> => {
    const failure = await call.then(
      () => null,
      (error: unknown) => error,
    );
    const { response } = failure as {
      response: { status: number; data: { errors: Record<string, unknown>[] } };
    };
    return { status: response.status, error: response.data.errors[0] ?? {} };
  };
  let klaviyo: KlaviyoStandIn;

  beforeAll(async () => {
    klaviyo = await start();
  });
  afterAll(() => Promise.all(open.map((standIn) => standIn.close())));

  it('gives campaigns of one channel to the real client', async () => {
    const filter = new FilterBuilder().equals('messages.channel', 'email').equals('archived', false).build();
    const { body } = await at(klaviyo, new CampaignsApi(session())).getCampaigns(filter, {
      sort: 'updated_at',
    });
    expect(body.data.length).toBeGreaterThan(40);
    expect(body.data[0]?.attributes.updatedAt).toBeInstanceOf(Date);
    expect(body.data.every(({ attributes }) => !attributes.archived)).toBe(true);
  });

  it('pages by cursors, each resource once', async () => {
    const api = at(klaviyo, new ListsApi(session()));
    const first = await api.getLists({ sort: 'id' });
    const next = new URL(first.body.links?.next ?? '').searchParams.get('page[cursor]') ?? '';
    const second = await api.getLists({ sort: 'id', pageCursor: next });
    const ids = [...first.body.data, ...second.body.data].map(({ id }) => id);
    expect(first.body.data).toHaveLength(10);
    expect(second.body.links?.next).toBeNull();
    expect(new Set(ids).size).toBe(klaviyo.truth('lists').length);
  });

  it('gives events of a range of time with their metric', async () => {
    const filter = new FilterBuilder()
      .greaterOrEqual('datetime', new Date('2026-11-14T05:00:00Z'))
      .lessThan('datetime', new Date('2026-11-15T05:00:00Z'))
      .build();
    const { body } = await at(klaviyo, new EventsApi(session())).getEvents({
      filter,
      pageSize: 1_000,
      include: ['metric'],
    });
    const truth = klaviyo.truth('events', { from: '2026-11-14', to: '2026-11-15' });
    expect(body.data.map(({ id }) => id)).toEqual(truth.map(({ id }) => id));
    expect(body.included?.length).toBeGreaterThan(5);
  });

  it('hears of some events late', async () => {
    const days = { from: '2026-11-16', to: '2026-11-23' };
    const later = await start({ now: () => new Date('2026-11-29T14:00:00Z') });
    expect(later.truth('events', days).length).toBeGreaterThan(klaviyo.truth('events', days).length);
  });

  it('counts a metric by days of a zone', async () => {
    const metricId = String(klaviyo.truth('metrics').find(({ name }) => name === 'Viewed Product')?.['id']);
    const { body } = await at(klaviyo, new MetricsApi(session())).queryMetricAggregates({
      data: {
        type: 'metric-aggregate',
        attributes: {
          metricId,
          measurements: ['count', 'unique', 'sum_value'],
          filter: [
            'greater-or-equal(datetime,2026-11-10T05:00:00.000Z)',
            'less-than(datetime,2026-11-13T05:00:00.000Z)',
          ],
          timezone: 'America/New_York',
          interval: 'day',
        },
      },
    });
    const truth = klaviyo.truth('metric_aggregates', { from: '2026-11-10', to: '2026-11-13' });
    const counts = (body.data.attributes.data[0]?.measurements ?? {}) as Record<string, number[]>;
    expect(counts['count']?.map(String)).toEqual(
      truth.filter((row) => row['metric_id'] === metricId).map(({ count }) => count),
    );
  });

  it('restates what campaigns did for five days', async () => {
    const values = async (standIn: KlaviyoStandIn): Promise<Map<string, number>> => {
      const { body } = await at(standIn, new ReportingApi(session())).queryCampaignValues({
        data: {
          type: 'campaign-values-report',
          attributes: {
            statistics: ['opens_unique', 'conversion_value'],
            timeframe: { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-11-20T00:00:00Z') },
            conversionMetricId: String(standIn.truth('metrics')[0]?.['id']),
          },
        },
      });
      const results = body.data.attributes.results as {
        groupings: { campaign_id: string };
        statistics: { opens_unique: number };
      }[];
      return new Map(
        results.map(({ groupings, statistics }) => [groupings.campaign_id, statistics.opens_unique]),
      );
    };
    const [today, later] = [
      await values(klaviyo),
      await values(await start({ now: () => new Date('2026-12-01T14:00:00Z') })),
    ];
    const grown = [...today].filter(([id, opens]) => (later.get(id) ?? 0) > opens);
    expect(today.size).toBeGreaterThan(5);
    expect(grown.length).toBeGreaterThan(0);
    expect(grown.length).toBeLessThan(today.size);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['without a revision', '/api/lists', { revision: '' }, 'revision'],
    ['of an old revision', '/api/lists', { revision: '2023-02-22' }, 'revision'],
    ['for campaigns of no channel', '/api/campaigns', {}, 'filter'],
    [
      'with an operator that the field lacks',
      '/api/profiles?filter=greater-or-equal(updated,2026-11-01T00:00:00Z)',
      {},
      'filter',
    ],
    ['with an unknown field in the filter', '/api/events?filter=equals(colour,"red")', {}, 'filter'],
    ['with a filter that does not close', '/api/events?filter=equals(metric_id,"x"', {}, 'filter'],
    ['for too large a page', '/api/templates?page[size]=11', {}, 'page[size]'],
    ['for a size where none is chosen', '/api/metrics?page[size]=10', {}, 'page[size]'],
    ['with an unknown order', '/api/events?sort=name', {}, 'sort'],
    ['with an unknown field', '/api/forms?fields[form]=colour', {}, 'fields[form]'],
    ['with an unknown parameter', '/api/forms?limit=5', {}, 'limit'],
    ['with a cursor of another query', '/api/lists?page[cursor]=abc', {}, 'page[cursor]'],
  ])('refuses a request %s', async (_what, path, headers, parameter) => {
    const response = await raw(klaviyo, path.replaceAll('[', '%5B').replaceAll(']', '%5D'), headers);
    const body = (await response.json()) as { errors: Record<string, unknown>[] };
    expect(response.status).toBe(400);
    expect(body.errors[0]).toMatchObject({ code: 'invalid', source: { parameter } });
  });

  it('refuses a wrong key, a revoked one and one without the scope', async () => {
    const own = await start();
    const api = at(own, new ProfilesApi(session()));
    expect(await refused(at(own, new ProfilesApi(session('pk_other'))).getProfiles())).toMatchObject({
      status: 401,
    });
    own.withhold('profiles:read');
    expect(await refused(api.getProfiles())).toMatchObject({
      status: 403,
      error: { code: 'permission_denied' },
    });
    own.revoke();
    expect(await refused(api.getProfiles())).toMatchObject({
      status: 401,
      error: { code: 'authentication_failed' },
    });
    own.restore();
    expect((await api.getProfiles()).body.data).toHaveLength(20);
  });

  it('forgets cursors when told to', async () => {
    const own = await start();
    const api = at(own, new ProfilesApi(session()));
    const { body } = await api.getProfiles({ pageSize: 100 });
    const pageCursor = new URL(body.links?.next ?? '').searchParams.get('page[cursor]') ?? '';
    own.expirePages();
    expect(await refused(api.getProfiles({ pageSize: 100, pageCursor }))).toMatchObject({ status: 400 });
  });

  it('slows down those who ask too often, and says for how long', async () => {
    const own = await start({ rateLimits: true });
    const [first, second] = [await raw(own, '/api/accounts'), await raw(own, '/api/accounts')];
    expect([first.status, second.status]).toEqual([200, 429]);
    expect(second.headers.get('retry-after')).toBe('1');
  });

  it('gives 225 reports of campaigns a day', async () => {
    const own = await start();
    const body = JSON.stringify({
      data: {
        type: 'campaign-values-report',
        attributes: {
          statistics: ['opens'],
          timeframe: { key: 'today' },
          conversion_metric_id: own.truth('metrics')[0]?.['id'],
        },
      },
    });
    const ask = async (): Promise<number> => {
      const response = await fetch(`${own.url}/api/campaign-values-reports`, {
        method: 'POST',
        body,
        headers: { authorization: 'Klaviyo-API-Key pk_sandbox_key', revision: '2026-07-15' },
      });
      await response.arrayBuffer();
      return response.status;
    };
    for (let asked = 0; asked < 225; asked++) expect(await ask()).toBe(200);
    expect(await ask()).toBe(429);
  });

  it('keeps the digits of money and ids', async () => {
    const response = await raw(klaviyo, '/api/events?page%5Bsize%5D=1000&sort=-datetime');
    const text = await response.text();
    expect(text).toMatch(/"\$value":\d+\.\d{16}/);
    expect(text).toMatch(/"OrderId":90071992\d{8}/);
  });
});
