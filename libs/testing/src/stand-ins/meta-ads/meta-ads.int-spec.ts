import { AdAccount, FacebookAdsApi, User } from 'facebook-nodejs-business-sdk';
import { metaPeople } from '../meta-identity/people';
import { sandboxAdAccounts, startMetaAds, type MetaAdsOptions, type MetaAdsStandIn } from './meta-ads';

const now = new Date('2026-11-22T14:00:00Z');
const account = sandboxAdAccounts[0]?.id ?? '';
const node = `act_${account}`;
const hourly = 'hourly_stats_aggregated_by_advertiser_time_zone';

describe('the stand-in for Meta Ads', () => {
  const open: MetaAdsStandIn[] = [];
  let meta: MetaAdsStandIn;
  /** Where the library sends its requests: it has no option for it. */
  let graph: string;
  const start = async (options: MetaAdsOptions = {}): Promise<MetaAdsStandIn> => {
    const standIn = await startMetaAds({ now: () => now, ...options });
    open.push(standIn);
    return standIn;
  };
  beforeAll(async () => {
    meta = await start();
    Object.defineProperty(FacebookAdsApi, 'GRAPH', { get: () => graph });
  });
  beforeEach(() => {
    graph = meta.url;
  });
  afterAll(() => Promise.all(open.map((standIn) => standIn.close())));

  const library = (standIn = meta, token = standIn.token()): { adAccount: AdAccount; me: User } => {
    graph = standIn.url;
    const api = FacebookAdsApi.init(token, 'en_US', false);
    return { adAccount: new AdAccount(node, {}, undefined, api), me: new User('me', {}, undefined, api) };
  };
  const get = async (
    standIn: MetaAdsStandIn,
    path: string,
    parameters: Record<string, string> = {},
    token = standIn.token(),
  ) => {
    const query = new URLSearchParams({ access_token: token, ...parameters });
    const response = await fetch(`${standIn.url}${path}?${query}`);
    const body = (await response.json()) as {
      data?: Record<string, unknown>[];
      error?: Record<string, unknown>;
    };
    return { status: response.status, headers: response.headers, body };
  };
  const insights = (standIn: MetaAdsStandIn, parameters: Record<string, string>) =>
    get(standIn, `/v24.0/${node}/insights`, parameters);
  const week = { since: '2026-11-08', until: '2026-11-14' };

  it('shows each person the ad accounts that are theirs', async () => {
    const fields = ['account_id', 'name', 'currency', 'timezone_name'];
    const all = await library().me.getAdAccounts(fields);
    const token = meta.identity.issue({ user: metaPeople.agency.id, scopes: ['ads_read'] });
    const few = await library(meta, token).me.getAdAccounts(fields);
    expect(all.map((found) => found.exportAllData()['currency'])).toEqual(['USD', 'EUR']);
    expect(few.map((found) => found.exportAllData()['timezone_name'])).toEqual(['Europe/Berlin']);
  });

  it('gives insights page by page by the address of the next one', async () => {
    const parameters = { level: 'ad', time_range: week, time_increment: 1, limit: 100 };
    let page = await library().adAccount.getInsights(['ad_id', 'impressions', 'spend'], parameters);
    const keys = page.map(
      (row) => `${String(row.exportAllData()['date_start'])} ${String(row.exportAllData()['ad_id'])}`,
    );
    expect(page.paging?.next).toContain(`${meta.url}/v24.0/${node}/insights?`);
    while (page.hasNext()) {
      page = await page.next();
      keys.push(
        ...page.map(
          (row) => `${String(row.exportAllData()['date_start'])} ${String(row.exportAllData()['ad_id'])}`,
        ),
      );
    }
    const truth = meta.truth('insights_daily', [account], { from: '2026-11-08', to: '2026-11-15' });
    expect(keys).toEqual(truth.map(({ date, ad_id: id }) => `${String(date)} ${String(id)}`));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('works on a report run until it is done', async () => {
    const run = await library().adAccount.getInsightsAsync(['ad_id', 'spend'], {
      level: 'ad',
      time_range: week,
      time_increment: 1,
    });
    const states: unknown[] = [];
    await expect(run.getInsights([])).rejects.toMatchObject({ response: { code: 2601 } });
    for (let polls = 0; polls < 2; polls++)
      states.push((await run.read(['async_status'])).exportAllData()['async_status']);
    expect(states).toEqual(['Job Not Started', 'Job Completed']);
    expect((await run.getInsights([], { limit: 10 })).length).toBe(10);
  });

  it('leaves out what was put away unless it is asked for', async () => {
    const some = await library().adAccount.getCampaigns(['name', 'status']);
    const all = await library().adAccount.getCampaigns(['name', 'status'], {
      effective_status: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
    });
    expect(all.length).toBe(some.length + 1);
  });

  it('splits a day by hours, to the last cent, without purchases on websites', async () => {
    const fields = 'campaign_id,spend,actions';
    const time_range = JSON.stringify({ since: '2026-11-13', until: '2026-11-13' });
    const days = await insights(meta, { level: 'campaign', fields, time_range, limit: '500' });
    const hours = await insights(meta, {
      level: 'campaign',
      fields,
      time_range,
      breakdowns: hourly,
      limit: '500',
    });
    const total = (rows: Record<string, unknown>[] = []): number =>
      Math.round(rows.reduce((sum, row) => sum + Number(row['spend']) * 100, 0));
    expect(hours.body.data?.length).toBeGreaterThan(80);
    expect(total(hours.body.data)).toBe(total(days.body.data));
    expect(JSON.stringify(hours.body)).not.toContain('purchase');
    expect(JSON.stringify(days.body)).toContain('omni_purchase');
  });

  it('shows only the hours of today that have passed there', async () => {
    const { body } = await insights(meta, {
      fields: 'impressions',
      date_preset: 'today',
      breakdowns: hourly,
      limit: '50',
    });
    expect(body.data?.map((row) => row[hourly])).toHaveLength(7);
  });

  it('restates what was shown for three days and what came of it for 28', async () => {
    const later = await start({ now: () => new Date('2026-12-30T14:00:00Z') });
    const days = { from: '2026-11-15', to: '2026-11-16' };
    const sum = (standIn: MetaAdsStandIn, name: string): number =>
      standIn.truth('insights_daily', [account], days).reduce((total, row) => total + Number(row[name]), 0);
    expect(sum(later, 'impressions')).toBe(sum(meta, 'impressions'));
    expect(sum(later, 'purchases')).toBeGreaterThan(sum(meta, 'purchases'));
  });

  it.each<[string, Record<string, string>, number, RegExp]>([
    ['an unknown field', { fields: 'spend,colour' }, 100, /colour is not valid for fields/],
    ['an unknown level', { level: 'planet' }, 100, /level must be one of/],
    ['an unknown breakdown', { breakdowns: 'shoe_size' }, 100, /breakdowns\[0\] must be one of/],
    ['people by hours', { fields: 'reach', breakdowns: hourly }, 100, /reach is not available/],
    ['days in another form', { time_range: '{"since":"1.11.2026","until":"2.11.2026"}' }, 100, /YYYY-MM-DD/],
    [
      'more than 37 months ago',
      { time_range: '{"since":"2023-10-01","until":"2023-10-02"}' },
      3018,
      /37 months/,
    ],
    ['an odd increment', { time_increment: '91' }, 100, /time_increment/],
    ['pages of nothing', { limit: '0' }, 100, /limit/],
    ['a cursor that is none', { after: 'abc' }, 100, /cursor/],
  ])('refuses %s', async (_what, parameters, code, message) => {
    const { status, body } = await insights(meta, parameters);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code,
      type: 'OAuthException',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ['an old version', '/v19.0/me/adaccounts', 2635],
    ['an unknown node', '/v24.0/act_1/insights', 100],
    ['an unknown list', `/v24.0/${node}/spells`, 100],
  ])('refuses %s', async (_what, path, code) => {
    expect((await get(meta, path)).body.error).toMatchObject({ code });
  });

  it('refuses tokens that are missing, dead or of somebody else', async () => {
    const own = await start();
    const token = own.token();
    const other = own.identity.issue({ user: metaPeople.agency.id, scopes: ['ads_read'] });
    const code = async (given: string): Promise<unknown> =>
      (await get(own, `/v24.0/${node}`, {}, given)).body.error?.['code'];
    expect([await code(''), await code('EAAGnonsense'), await code(other)]).toEqual([104, 190, 200]);
    own.identity.expireTokens();
    expect(await code(token)).toBe(190);
    expect(await code(own.identity.issue({ user: metaPeople.marketing.id, scopes: ['email'] }))).toBe(200);
  });

  it('asks for less when it is too much', async () => {
    const own = await start({ mostRows: { atOnce: 50, inReport: 50 } });
    const parameters = { level: 'ad', time_increment: '1', time_range: JSON.stringify(week) };
    expect(await insights(own, parameters)).toMatchObject({ status: 500, body: { error: { code: 1 } } });
    const run = await library(own).adAccount.getInsightsAsync(['spend'], { ...parameters, time_range: week });
    await run.read(['async_status']);
    expect((await run.read(['async_status'])).exportAllData()['async_status']).toBe('Job Failed');
  });

  it('tells how much is used, and refuses those who used too much until it is over', async () => {
    let time = now.getTime();
    const own = await start({ now: () => new Date(time), callsAnHour: 4 });
    const first = await insights(own, {});
    expect(JSON.parse(first.headers.get('x-business-use-case-usage') ?? '')).toMatchObject({
      [account]: [{ type: 'ads_insights', call_count: 25, estimated_time_to_regain_access: 0 }],
    });
    expect(JSON.parse(first.headers.get('x-fb-ads-insights-throttle') ?? '')).toMatchObject({
      acc_id_util_pct: 25,
    });
    own.throttle(12);
    const refused = await insights(own, {});
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 80000 } } });
    expect(refused.headers.get('x-business-use-case-usage')).toContain(
      '"estimated_time_to_regain_access":12',
    );
    time += 12 * 60_000;
    expect((await insights(own, {})).status).toBe(200);
  });
});
