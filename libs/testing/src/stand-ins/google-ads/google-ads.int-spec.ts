import { sandboxCustomers } from './customers';
import { startGoogleAds, type GoogleAds } from './google-ads';

const { manager, us, eu, indonesia, closed, stranger } = sandboxCustomers;

const now = new Date('2026-03-15T18:00:00Z');
const campaigns = (days: string): string =>
  `SELECT campaign.id, segments.date, metrics.clicks, metrics.cost_micros, metrics.conversions FROM campaign WHERE segments.date BETWEEN ${days}`;
const march = campaigns("'2026-03-01' AND '2026-03-14'");

describe('the Google Ads sandbox', () => {
  let ads: GoogleAds;
  let moment = now;

  beforeEach(async () => {
    moment = now;
    ads = await startGoogleAds({ now: () => moment });
  });
  afterEach(() => ads.close());

  interface Ask {
    customer?: string;
    headers?: Record<string, string>;
    body?: Record<string, unknown>;
    method?: 'search' | 'searchStream';
    path?: string;
  }

  const ask = async (
    query: string,
    { customer = us.id, headers, body, method = 'search', path }: Ask = {},
  ) => {
    const response = await fetch(ads.url + (path ?? `/v25/customers/${customer}/googleAds:${method}`), {
      method: 'POST',
      headers: {
        authorization: 'Bearer sandbox-access-token',
        'developer-token': ads.developerToken,
        'login-customer-id': manager.id,
        ...headers,
      },
      body: JSON.stringify({ query, ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const codeOf = async (query: string, asked?: Ask): Promise<unknown> => {
    const { status, body } = await ask(query, asked);
    const { error } = body as {
      error?: { details?: { errors?: { errorCode: Record<string, string> }[] }[] };
    };
    return [status, ...Object.values(error?.details?.[0]?.errors?.[0]?.errorCode ?? {})];
  };

  const rowsOf = async (query: string, asked?: Ask) =>
    ((await ask(query, asked)).body['results'] ?? []) as {
      segments: { date: string };
      metrics: { clicks: string; costMicros: string; conversions: number };
    }[];

  it.each([
    ['a field it never had', 'SELECT campaign.colour FROM campaign', 'UNRECOGNIZED_FIELD'],
    ['a field removed in v25', 'SELECT campaign.start_date FROM campaign', 'UNRECOGNIZED_FIELD'],
    [
      'a metric removed in v25',
      `SELECT campaign.id, metrics.video_views FROM campaign WHERE segments.date DURING TODAY`,
      'UNRECOGNIZED_FIELD',
    ],
    [
      'another resource’s field',
      'SELECT ad_group.id FROM campaign',
      'PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE',
    ],
    [
      'a segment the resource has not',
      "SELECT campaign.id, segments.conversion_action FROM geographic_view WHERE segments.date = '2026-03-01'",
      'PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE',
    ],
    [
      'clicks by conversion action',
      "SELECT segments.conversion_action, metrics.clicks FROM campaign WHERE segments.date = '2026-03-01'",
      'PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE',
    ],
    [
      'a filter by a segment that is not selected',
      "SELECT campaign.id, metrics.clicks FROM campaign WHERE segments.device = 'MOBILE'",
      'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
    ],
    ['days without end', 'SELECT campaign.id, segments.date FROM campaign', 'EXPECTED_FILTERS_ON_DATE_RANGE'],
    ['a day that does not exist', campaigns("'2026-02-30' AND '2026-03-01'"), 'INVALID_DATE_FORMAT'],
    [
      'days in the wrong order',
      campaigns("'2026-03-02' AND '2026-03-01'"),
      'INVALID_VALUE_WITH_BETWEEN_OPERATOR',
    ],
    [
      'an enum by a wrong name',
      "SELECT campaign.id FROM campaign WHERE campaign.status = 'ACTIVE'",
      'BAD_ENUM_CONSTANT',
    ],
    ['a resource it has not', 'SELECT campaign.id FROM campaigns', 'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE'],
    ['no resource', 'SELECT campaign.id', 'EXPECTED_FROM'],
    [
      'a string without end',
      "SELECT campaign.id FROM campaign WHERE campaign.name = 'x",
      'STRING_NOT_TERMINATED',
    ],
    ['a limit of nothing', 'SELECT campaign.id FROM campaign LIMIT 0', 'LIMIT_VALUE_TOO_LOW'],
    ['more after the end', 'SELECT campaign.id FROM campaign LIMIT 1 ;', 'BAD_SYMBOL'],
  ])('refuses %s', async (_what, query, code) => {
    expect(await codeOf(query)).toEqual([400, code]);
  });

  it.each<[string, Ask, number, string]>([
    ['a page size', { body: { page_size: 1_000 } }, 400, 'PAGE_SIZE_NOT_SUPPORTED'],
    ['no developer token', { headers: { 'developer-token': '' } }, 400, 'DEVELOPER_TOKEN_PARAMETER_MISSING'],
    ['a wrong developer token', { headers: { 'developer-token': 'x' } }, 401, 'DEVELOPER_TOKEN_INVALID'],
    [
      'a manager’s id with dashes',
      { headers: { 'login-customer-id': '100-200-3001' } },
      400,
      'INVALID_LOGIN_CUSTOMER_ID',
    ],
    ['a client without its manager', { headers: { 'login-customer-id': '' } }, 403, 'USER_PERMISSION_DENIED'],
    ['a client through itself', { headers: { 'login-customer-id': us.id } }, 403, 'USER_PERMISSION_DENIED'],
    ['somebody else’s account', { customer: stranger.id }, 403, 'USER_PERMISSION_DENIED'],
    ['a closed account', { customer: closed.id }, 403, 'CUSTOMER_NOT_ENABLED'],
    ['metrics of a manager', { customer: manager.id }, 400, 'REQUESTED_METRICS_FOR_MANAGER'],
    ['a page token that is none', { body: { page_token: 'x' } }, 400, 'INVALID_PAGE_TOKEN'],
    ['an older version', { path: `/v19/customers/${us.id}/googleAds:search` }, 400, 'UNSUPPORTED_VERSION'],
  ])('refuses %s', async (_what, asked, status, code) => {
    expect(await codeOf(march, asked)).toEqual([status, code]);
  });

  it('refuses unknown names in the request', async () => {
    expect((await ask(march, { body: { pages: 1 } })).body).toMatchObject({
      error: { message: expect.stringContaining('Unknown name "pages"') as string },
    });
  });

  it('answers errors of a stream within an array', async () => {
    const { status, body } = await ask('SELECT campaign.colour FROM campaign', { method: 'searchStream' });
    expect(status).toBe(400);
    expect(body).toMatchObject([{ error: { status: 'INVALID_ARGUMENT' } }]);
  });

  it('writes int64 as text, enums by name, and what was not selected not at all', async () => {
    const query = `SELECT campaign.id, campaign.status, segments.device, metrics.cost_micros FROM campaign WHERE segments.date = '2026-03-01' AND segments.device = 'MOBILE' ORDER BY metrics.cost_micros DESC LIMIT 1`;
    const { body } = await ask(query, { customer: indonesia.id });
    expect(body).toEqual({
      results: [
        {
          campaign: {
            resourceName: expect.stringMatching(/^customers\/2103004103\/campaigns\/\d+$/) as string,
            id: expect.stringMatching(/^\d+$/) as string,
            status: 'ENABLED',
          },
          segments: { device: 'MOBILE' },
          metrics: { costMicros: expect.stringMatching(/^\d{17,}$/) as string },
        },
      ],
      fieldMask: 'campaign.id,campaign.status,segments.device,metrics.costMicros',
      queryResourceConsumption: expect.any(String) as string,
    });
  });

  it('gives costs that no double can hold', async () => {
    const micros = (await rowsOf(march, { customer: indonesia.id })).map(({ metrics }) =>
      BigInt(metrics.costMicros),
    );
    expect(micros.some((cost) => cost > 2n ** 53n)).toBe(true);
  });

  it('pages through a result that stays as it was when it was asked for', async () => {
    await ads.close();
    ads = await startGoogleAds({ now: () => moment, pageSize: 40 });
    const body = { search_settings: { return_total_results_count: true } };
    const first = (await ask(march, { body })).body;
    const total = Number(first['totalResultsCount']);
    let [count, page] = [(first['results'] as unknown[]).length, first];
    moment = new Date('2026-03-20T18:00:00Z');
    while (page['nextPageToken']) {
      page = (await ask(march, { body: { ...body, page_token: page['nextPageToken'] } })).body;
      count += (page['results'] as unknown[]).length;
    }
    expect(first['results']).toHaveLength(40);
    expect(count).toBe(total);
    ads.controls.expirePageTokens();
    expect(await codeOf(march, { body: { ...body, page_token: first['nextPageToken'] } })).toEqual([
      400,
      'EXPIRED_PAGE_TOKEN',
    ]);
  });

  it('restates conversions for thirty days, and clicks only until the day after', async () => {
    const query = campaigns("'2026-03-10' AND '2026-03-10'");
    const totals = async (): Promise<[number, number]> => {
      const rows = await rowsOf(query);
      const sum = (of: (row: (typeof rows)[number]) => number): number =>
        rows.reduce((all, row) => all + of(row), 0);
      return [sum(({ metrics }) => Number(metrics.clicks)), sum(({ metrics }) => metrics.conversions)];
    };
    const seen: [number, number][] = [];
    for (const day of ['2026-03-10', '2026-03-12', '2026-03-25', '2026-04-09', '2026-06-01']) {
      moment = new Date(`${day}T18:00:00Z`);
      seen.push(await totals());
    }
    const [sameDay, settled, later, whole, old] = seen as [number, number][] & { length: 5 };
    expect(settled?.[0]).toBeGreaterThan(sameDay?.[0] ?? 0);
    expect(later?.[0]).toBe(settled?.[0]);
    expect(later?.[1]).toBeGreaterThan(settled?.[1] ?? 0);
    expect(whole?.[1]).toBeGreaterThan(later?.[1] ?? 0);
    expect(old).toEqual(whole);
  });

  it('cuts days in the account’s own zone', async () => {
    moment = new Date('2026-03-15T20:00:00Z');
    const today = 'SELECT segments.date, metrics.clicks FROM campaign WHERE segments.date DURING TODAY';
    const dateOf = async (customer: string) => (await rowsOf(today, { customer }))[0]?.segments.date;
    expect(await dateOf(us.id)).toBe('2026-03-15');
    expect(await dateOf(indonesia.id)).toBe('2026-03-16');
  });

  it('lists a manager’s accounts, however deep, and who may be asked directly', async () => {
    const query =
      'SELECT customer_client.id, customer_client.level, customer_client.status, customer_client.hidden FROM customer_client';
    const { body } = await ask(query, { customer: manager.id });
    expect(body['results']).toHaveLength(7);
    expect(body['results']).toContainEqual(
      expect.objectContaining({
        customerClient: expect.objectContaining({ id: indonesia.id, level: '2' }) as unknown,
      }),
    );
    const response = await fetch(`${ads.url}/v25/customers:listAccessibleCustomers`, {
      headers: { authorization: 'Bearer sandbox-access-token', 'developer-token': ads.developerToken },
    });
    expect(await response.json()).toEqual({ resourceNames: [`customers/${manager.id}`] });
  });

  it('counts a search as one operation, with all its pages, and says when there are none left', async () => {
    ads.controls.setOperationsLeft(1);
    expect((await ask(march)).status).toBe(200);
    const { status, body } = await ask(march);
    expect(status).toBe(429);
    expect(body).toMatchObject({
      error: {
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure',
            errors: [
              {
                errorCode: { quotaError: 'RESOURCE_EXHAUSTED' },
                details: { quotaErrorDetails: { rateScope: 'DEVELOPER', retryDelay: '21600s' } },
              },
            ],
          },
        ],
      },
    });
    moment = new Date('2026-03-16T00:00:00Z');
    expect((await ask(march)).status).toBe(200);
  });

  it('shares out a campaign’s numbers among ad groups, ads and countries, and tells most searches', async () => {
    const total = async (from: string): Promise<bigint> => {
      const rows = await rowsOf(
        `SELECT segments.date, metrics.cost_micros FROM ${from} WHERE segments.date = '2026-03-01' AND campaign.advertising_channel_type = 'SEARCH'`,
        { customer: eu.id },
      );
      return rows.reduce((sum, { metrics }) => sum + BigInt(metrics.costMicros), 0n);
    };
    const whole = await total('campaign');
    expect(whole).toBeGreaterThan(0n);
    for (const part of ['ad_group', 'ad_group_ad', 'keyword_view', 'geographic_view'])
      expect([part, await total(part)]).toEqual([part, whole]);
    const searches = await total('search_term_view');
    expect(searches < whole && searches > (whole * 8n) / 10n).toBe(true);
  });

  it('knows what a whole sync ends with', async () => {
    const window = { from: '2026-03-01', to: '2026-03-15' };
    const truth = ads.truth('campaign_performance', window, [us.id]);
    const rows = await rowsOf(
      march.replace('segments.date,', 'segments.date, segments.device, segments.ad_network_type,'),
    );
    expect(truth).toHaveLength(rows.length);
    expect(truth[0]).toMatchObject({ customer_id: us.id, currency: 'USD', date: '2026-03-01' });
    expect(ads.truth('conversions', window, [us.id]).length).toBeGreaterThan(0);
  });
});
