import {
  metaPeople,
  sandboxAdAccounts,
  startMetaAds,
  type MetaAdsOptions,
  type MetaAdsStandIn,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import type { Batch } from '../kit/connector';
import { createContext } from '../kit/create-context';
import { createHttpClient, type HttpClient } from '../kit/http/http-client';
import { metaAdsConnector } from './meta-ads-connector';

const account = { name: 'Sandbox', timeZone: 'America/Los_Angeles', currency: 'USD' };
const [retail, europe] = sandboxAdAccounts.map(({ id }) => id);
const week = { from: '2026-11-08', to: '2026-11-15' };

describe('Meta’s traps', () => {
  let time = Date.parse('2026-11-22T14:00:00Z');
  let http: HttpClient;
  const open: MetaAdsStandIn[] = [];
  const now = (): Date => new Date(time);
  const start = async (options: MetaAdsOptions = {}): Promise<MetaAdsStandIn> => {
    const meta = await startMetaAds({ now, ...options });
    open.push(meta);
    return meta;
  };
  beforeAll(() => {
    http = createHttpClient({ allowHosts: ['127.0.0.1'] });
  });
  afterAll(() => Promise.all([http.close(), ...open.map((meta) => meta.close())]));

  const contextOf = (meta: MetaAdsStandIn, accessToken = meta.token(), waits: number[] = []) =>
    createContext({
      http,
      signal: new AbortController().signal,
      now,
      settings: { baseUrl: meta.url },
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        time += milliseconds;
      },
      retry: {
        random: () => 1,
        wait: async (milliseconds) => {
          waits.push(milliseconds);
          time += milliseconds;
        },
      },
      tokens: accessTokens({
        now,
        load: () => Promise.resolve({ accessToken, expiresAt: time + 60 * 86_400_000 }),
        renew: () => Promise.resolve({ accessToken, expiresAt: time + 60 * 86_400_000 }),
      }),
    });
  const read = async (
    meta: MetaAdsStandIn,
    stream: string,
    {
      slice = {},
      adAccount = retail ?? '',
      token = meta.token(),
      waits = [],
    }: {
      slice?: { from?: string; to?: string };
      adAccount?: string;
      token?: string;
      waits?: number[];
    } = {},
  ): Promise<Record<string, unknown>[]> => {
    const batches: Batch[] = [];
    const request = {
      config: { adAccount },
      credentials: null,
      stream,
      slice,
      account,
      checkpoint: null,
      knownColumns: null,
    };
    for await (const batch of metaAdsConnector.read(request, contextOf(meta, token, waits)))
      batches.push(batch);
    expect(batches.flatMap(({ rejects }) => rejects)).toEqual([]);
    return batches.flatMap(({ columns, rows }) =>
      rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place]]))),
    );
  };
  const posts = ({ requests }: MetaAdsStandIn): number =>
    requests.filter(({ method }) => method === 'POST').length;

  it('reads a week at once and a month by a report run, with the same rows', async () => {
    const meta = await start();
    const waits: number[] = [];
    const short = await read(meta, 'insights_daily', { slice: week });
    expect(posts(meta)).toBe(0);
    const long = await read(meta, 'insights_daily', {
      slice: { from: '2026-10-25', to: '2026-11-22' },
      waits,
    });
    expect(posts(meta)).toBe(1);
    expect(waits).toEqual([2_000, 4_000]);
    const ofWeek = long.filter(({ date }) => String(date) >= week.from && String(date) < week.to);
    expect(ofWeek).toEqual(short);
  });

  it('asks the kit for fewer days when a report fails, or when a week is too much', async () => {
    const meta = await start({ mostRows: { atOnce: 50, inReport: 60 } });
    const tooLarge = { code: 'source_slice_too_large' };
    await expect(read(meta, 'insights_daily', { slice: week })).rejects.toMatchObject(tooLarge);
    await expect(
      read(meta, 'insights_daily', { slice: { from: '2026-10-25', to: '2026-11-22' } }),
    ).rejects.toMatchObject(tooLarge);
    expect(
      (await read(meta, 'insights_daily', { slice: { from: '2026-11-08', to: '2026-11-09' } })).length,
    ).toBeGreaterThan(20);
  });

  it('asks for smaller pages where days can’t be fewer', async () => {
    const meta = await start({ mostInPage: 60, adsInSet: 6 });
    const rows = await read(meta, 'ads');
    expect(rows.map(({ id }) => id)).toEqual(meta.truth('ads', [retail ?? '']).map(({ id }) => id));
    expect(meta.requests.map(({ query }) => query.get('limit'))).toEqual(['200', '100', '50', '50']);
  });

  it('counts a purchase once, whichever kinds of action Meta tells it by', async () => {
    const meta = await start();
    const rows = await read(meta, 'insights_daily', { slice: week });
    const truth = meta.truth('insights_daily', [retail ?? ''], week);
    const sum = (all: Record<string, unknown>[], name: string): number =>
      all.reduce((total, row) => total + Number(row[name]), 0);
    expect(sum(rows, 'purchases')).toBe(sum(truth, 'purchases'));
    expect(sum(rows, 'leads')).toBe(sum(truth, 'leads'));
    expect(rows.some(({ purchase_value: value }) => /\.\d{14,}$/.test(String(value)))).toBe(true);
  });

  it('reads the hours of today that have passed, each with all of its segments in the key', async () => {
    const meta = await start();
    const rows = await read(meta, 'insights_hourly', { slice: { from: '2026-11-22', to: '2026-11-23' } });
    const { key } = metaAdsConnector.spec.streams.find(({ name }) => name === 'insights_hourly') ?? {
      key: [],
    };
    const keys = rows.map((row) => key.map((name) => String(row[name])).join(' '));
    expect(new Set(keys).size).toBe(rows.length);
    expect(Math.max(...rows.map(({ hour }) => Number(hour)))).toBe(6);
  });

  it('serves two sources with different tokens and addresses at once', async () => {
    const [one, other] = [await start({ seed: 'one' }), await start({ seed: 'other' })];
    const agency = other.identity.issue({ user: metaPeople.agency.id, scopes: ['ads_read'] });
    const long = { from: '2026-10-25', to: '2026-11-22' };
    const [mine, theirs] = await Promise.all([
      read(one, 'insights_daily', { slice: long }),
      read(other, 'insights_daily', { slice: long, adAccount: europe ?? '', token: agency }),
    ]);
    expect(new Set(mine.map(({ account_id: id }) => id))).toEqual(new Set([retail]));
    expect(new Set(theirs.map(({ account_id: id }) => id))).toEqual(new Set([europe]));
    expect(new Set(theirs.map(({ currency }) => currency))).toEqual(new Set(['EUR']));
    expect(other.requests.every(({ query }) => query.get('access_token') === agency)).toBe(true);
    expect(one.requests.some(({ query }) => query.get('access_token') === agency)).toBe(false);
  });

  it('does not take the page of other days, or of another ad account, for these', async () => {
    const meta = await start();
    const slice = { from: '2026-11-08', to: '2026-11-09' };
    await read(meta, 'insights_daily', { slice });
    meta.fail({ kind: 'repeat' });
    await expect(
      read(meta, 'insights_daily', { slice: { from: '2026-11-09', to: '2026-11-10' } }),
    ).rejects.toMatchObject({ code: 'source_changed' });
    await read(meta, 'campaigns');
    meta.fail({ kind: 'repeat' });
    await expect(read(meta, 'campaigns', { adAccount: europe ?? '' })).rejects.toMatchObject({
      code: 'source_changed',
    });
  });

  it('parks until the time that Meta estimates when it is throttled', async () => {
    const meta = await start();
    meta.throttle(25);
    await expect(read(meta, 'campaigns')).rejects.toMatchObject({
      code: 'source_quota',
      details: { until: new Date(time + 25 * 60_000) },
    });
    expect(meta.requests).toHaveLength(1);
  });

  it('stops asking about an ad account before it is throttled, as the headers of usage tell', async () => {
    const meta = await start();
    const begun = time;
    meta.pretendUsage(93, 18);
    expect((await read(meta, 'campaigns', { adAccount: europe ?? '' })).length).toBeGreaterThan(3);
    await expect(read(meta, 'ads', { adAccount: europe ?? '' })).rejects.toMatchObject({
      code: 'source_quota',
      details: { until: new Date(begun + 18 * 60_000) },
    });
    meta.pretendUsage(20, 0);
    expect((await read(meta, 'campaigns')).length).toBeGreaterThan(3);
    time += 18 * 60_000;
    expect((await read(meta, 'ads', { adAccount: europe ?? '' })).length).toBeGreaterThan(10);
  });

  it.each([
    ['4', { code: 4, message: 'Application request limit reached' }],
    ['17', { code: 17, message: 'User request limit reached' }],
    ['32', { code: 32, message: 'Page request limit reached' }],
    ['613', { code: 613, message: 'Calls to this api have exceeded the rate limit.' }],
    ['80008', { code: 80_008, message: 'There have been too many calls' }],
    ['2', { code: 2, message: 'Service temporarily unavailable', status: 500 }],
    ['104', { code: 104, message: 'Incorrect signature' }],
    ['1 with subcode 99', { code: 1, subcode: 99, message: 'An unknown error occurred', status: 500 }],
    ['1 that is transient', { code: 1, isTransient: true, message: 'An unknown error occurred' }],
  ])('tries again after error %s', async (_what, error) => {
    const meta = await start();
    const waits: number[] = [];
    meta.refuse(error);
    expect((await read(meta, 'campaigns', { waits })).length).toBeGreaterThan(3);
    expect(waits).toEqual([1_000]);
  });

  it.each([
    [
      'a permission that is missing',
      { code: 200, message: 'no permission', status: 403 },
      'source_unauthorized',
    ],
    [
      'an account that is gone',
      { code: 100, subcode: 33, message: 'Unsupported get request.' },
      'source_not_found',
    ],
    ['days that are too old', { code: 3_018, message: 'beyond 37 months' }, 'source_refused'],
    ['an old version', { code: 2_635, message: 'deprecated version' }, 'source_refused'],
  ])('gives up at once on %s', async (_what, error, code) => {
    const meta = await start();
    meta.refuse(error);
    await expect(read(meta, 'campaigns')).rejects.toMatchObject({ code });
    expect(meta.requests).toHaveLength(1);
  });

  it('offers the ad accounts that the person sees', async () => {
    const meta = await start();
    const choices = await metaAdsConnector.choices({}, null, contextOf(meta));
    expect(choices.map(({ field, value, label }) => [field, value, label])).toEqual([
      ['adAccount', `act_${retail}`, 'Alder & Oak Retail (Sandbox)'],
      ['adAccount', `act_${europe}`, 'Alder & Oak Europe (Sandbox)'],
    ]);
  });

  it('tells a person without ad accounts what to do', async () => {
    const meta = await start();
    const token = meta.identity.issue({ user: metaPeople.newcomer.id, scopes: ['ads_read'] });
    const { ok, checks } = await metaAdsConnector.check({ adAccount: retail }, null, contextOf(meta, token));
    expect({ ok, message: checks.at(-1)?.message }).toEqual({
      ok: false,
      message:
        'The connected person sees no ad account. Reconnect with a person who has a role in an ad account.',
    });
  });
});
