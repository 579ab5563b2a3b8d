import { createRequire } from 'node:module';
import { FreshetError } from '@freshet/contracts';
import {
  googleScopes,
  sandboxAccounts,
  sandboxCustomers,
  startGoogleAds,
  startGoogleIdentity,
  type GoogleAds,
  type GoogleAdsStream,
} from '@freshet/testing';
import axios from 'axios';
import type { Batch, Slice } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { canonical } from '../kit/conformance/canonical';
import { createContext } from '../kit/create-context';
import { createHttpClient } from '../kit/http/http-client';
import { googleAdsConnector } from './google-ads-connector';

const { manager, us, eu, indonesia, closed, hidden } = sandboxCustomers;
const now = new Date('2026-03-15T18:00:00Z');
const days = { from: '2026-03-13', to: '2026-03-15' };
const through = (id: string): string => `${manager.id}/${id}`;

describe('the Google Ads connector', () => {
  const http = createHttpClient({ allowHosts: ['127.0.0.1'] });
  let ads: GoogleAds;
  let waits: number[];

  // Takes seconds on a busy machine, which are not the first test's.
  beforeAll(() => void createRequire(import.meta.url)('google-ads-api'), 60_000);
  beforeEach(async () => {
    waits = [];
    ads = await startGoogleAds({ now: () => now });
  });
  afterEach(() => ads.close());
  afterAll(() => http.close());

  interface Wishes {
    of?: GoogleAds;
    token?: string;
    developerToken?: string;
  }

  const context = ({
    of = ads,
    token = 'sandbox-access-token',
    developerToken,
  }: Wishes = {}): ConnectorContext =>
    createContext({
      http,
      signal: new AbortController().signal,
      now: () => now,
      settings: { baseUrl: of.url, developerToken: developerToken ?? of.developerToken },
      tokens: { get: async () => token, renew: async () => token },
      retry: { random: () => 1, wait: async (milliseconds) => void waits.push(milliseconds) },
    });

  const batchesOf = async (
    stream: string,
    customer: string,
    slice: Slice = days,
    wishes: Wishes = {},
  ): Promise<Batch[]> => {
    const batches: Batch[] = [];
    const request = {
      config: { customer },
      credentials: null,
      stream,
      slice,
      account: null,
      checkpoint: null,
      knownColumns: null,
    };
    for await (const batch of googleAdsConnector.read(request, context(wishes))) batches.push(batch);
    return batches;
  };

  /** By column name, in one order and one form. */
  const shown = (columns: Batch['columns'], rows: readonly Record<string, unknown>[]): string[] =>
    rows.map((row) => JSON.stringify(columns.map(({ name, type }) => canonical(row[name], type)))).sort();

  const read = async (stream: string, customer: string, slice: Slice = days, wishes: Wishes = {}) => {
    const batches = await batchesOf(stream, customer, slice, wishes);
    const columns = batches[0]?.columns ?? [];
    const rows = batches.flatMap((batch) =>
      batch.rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))),
    );
    return { columns, rows, warnings: batches.flatMap((batch) => batch.warnings ?? []) };
  };

  const failure = async (reading: Promise<unknown>): Promise<FreshetError> => {
    const error: unknown = await reading.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof FreshetError) return error;
    throw new Error(`Not refused in our words: ${String(error)}`);
  };

  it.each<[GoogleAdsStream]>([
    ['campaign_performance'],
    ['ad_groups'],
    ['ads'],
    ['keywords'],
    ['search_terms'],
    ['geography'],
    ['conversions'],
    ['campaigns'],
  ])('reads %s to the last digit', async (stream) => {
    const { columns, rows } = await read(stream, through(indonesia.id));
    expect(rows.length).toBeGreaterThan(0);
    expect(shown(columns, rows)).toEqual(shown(columns, ads.truth(stream, days, [indonesia.id])));
  });

  it.each<[GoogleAdsStream]>([['accounts'], ['countries']])(
    'reads %s once, of the account chosen',
    async (stream) => {
      const { columns, rows } = await read(stream, manager.id, {});
      expect(rows.length).toBeGreaterThan(0);
      expect(shown(columns, rows)).toEqual(shown(columns, ads.truth(stream, days, [manager.id])));
    },
  );

  it('keeps costs and ids beyond 2^53 exact', async () => {
    const { rows } = await read('ads', through(indonesia.id));
    const micros = rows.map(({ cost }) => Number(cost) * 1e6);
    expect(Math.max(...micros)).toBeGreaterThan(2 ** 53);
    expect(new Set(rows.map(({ ad_id: id }) => id)).size).toBe(
      new Set(ads.truth('ads', days, [indonesia.id]).map(({ ad_id: id }) => id)).size,
    );
  });

  it('has keys that tell all rows apart', async () => {
    for (const { name, key } of googleAdsConnector.spec.streams) {
      const { rows } = await read(name, through(eu.id), days);
      const keys = new Set(rows.map((row) => JSON.stringify(key.map((column) => row[column]))));
      expect({ name, rows: rows.length }).toEqual({ name, rows: keys.size });
    }
  });

  describe('when an answer of 200 is none', () => {
    it.each(['partial error', 'cut JSON', 'lost rows'] as const)('reads again after a %s', async (oddity) => {
      ads.controls.nextSearch(oddity, oddity);
      const { columns, rows } = await read('campaign_performance', through(us.id));
      expect(waits).toEqual([1_000, 2_000]);
      expect(shown(columns, rows)).toEqual(shown(columns, ads.truth('campaign_performance', days, [us.id])));
    });

    it.each([
      ['partial error', 'source_unreachable'],
      ['cut JSON', 'source_unreachable'],
      ['lost rows', 'source_changed'],
    ] as const)('gives no row of a %s that stays', async (oddity, code) => {
      ads.controls.nextSearch(oddity, oddity, oddity, oddity);
      const error = await failure(batchesOf('campaigns', through(us.id), {}));
      expect(error.code).toBe(code);
    });
  });

  describe('when a cache in between answers with what the request before got', () => {
    const repeated = { kind: 'repeat' } as const;

    it('does not take other fields for those it asked for', async () => {
      await read('accounts', through(us.id), {});
      ads.fail(repeated);
      const { columns, rows } = await read('countries', through(us.id), {});
      expect(waits).toEqual([1_000]);
      expect(shown(columns, rows)).toEqual(shown(columns, ads.truth('countries', days, [us.id])));
    });

    const readWithRepeat = async (of: GoogleAds, customer: string, atBatch: number) => {
      const request = {
        config: { customer },
        credentials: null,
        stream: 'conversions',
        slice: days,
        account: null,
        checkpoint: null,
        knownColumns: null,
      };
      const batches: Batch[] = [];
      for await (const batch of googleAdsConnector.read(request, context({ of }))) {
        batches.push(batch);
        if (batches.length === atBatch) of.fail(repeated);
      }
      const columns = batches[0]?.columns ?? [];
      return {
        columns,
        rows: batches
          .flatMap(({ rows }) => rows)
          .map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))),
      };
    };

    it('does not take one account’s rows for another’s', async () => {
      const { columns, rows } = await readWithRepeat(ads, manager.id, 1);
      expect(waits).toEqual([1_000]);
      const truth = ads.truth('conversions', days, [us.id, eu.id, indonesia.id]);
      expect(shown(columns, rows)).toEqual(shown(columns, truth));
    });

    it('does not take a page twice', async () => {
      const small = await startGoogleAds({ now: () => now, pageSize: 20 });
      try {
        const { columns, rows } = await readWithRepeat(small, through(us.id), 1);
        expect(waits).toEqual([1_000]);
        expect(shown(columns, rows)).toEqual(shown(columns, small.truth('conversions', days, [us.id])));
      } finally {
        await small.close();
      }
    });
  });

  describe('below a manager account', () => {
    it('reads all open accounts, however deep, each with its own currency', async () => {
      const { rows } = await read('campaign_performance', manager.id);
      const currencies = new Map(rows.map(({ customer_id: id, currency }) => [id, currency]));
      expect([...currencies]).toEqual([
        [us.id, 'USD'],
        [eu.id, 'EUR'],
        [indonesia.id, 'IDR'],
      ]);
    });

    it('leaves out closed accounts, and says so; hidden ones are not read', async () => {
      ads.controls.deactivate(eu.id);
      const { rows, warnings } = await read('campaign_performance', manager.id);
      expect(new Set(rows.map(({ customer_id: id }) => id))).toEqual(new Set([us.id, indonesia.id]));
      expect(warnings).toEqual([
        expect.stringMatching(/^Sandbox Outdoor Europe \(210-300-4102\) was left out/) as string,
        expect.stringMatching(/^Sandbox Outdoor UK \(closed\) \(210-300-4104\) was left out/) as string,
      ]);
      expect(rows.map(({ customer_id: id }) => id)).not.toContain(hidden.id);
    });

    it('asks for the accounts once a run', async () => {
      const run = context();
      const request = {
        config: { customer: manager.id },
        credentials: null,
        account: null,
        checkpoint: null,
        knownColumns: null,
      };
      for (const stream of ['conversions', 'geography'])
        for await (const _batch of googleAdsConnector.read({ ...request, stream, slice: days }, run))
          continue;
      expect(ads.requests.filter(({ body }) => body.includes('FROM customer_client'))).toHaveLength(1);
    });

    it('has days in the manager’s zone and no currency of its own', async () => {
      const account = (customer: string) => googleAdsConnector.account({ customer }, null, context());
      expect(await account(manager.id)).toEqual({
        name: 'Sandbox Outdoor Group',
        timeZone: 'America/New_York',
        currency: null,
      });
      expect(await account(through(eu.id))).toEqual({
        name: 'Sandbox Outdoor Europe',
        timeZone: 'Europe/Berlin',
        currency: 'EUR',
      });
    });
  });

  it('does not take a closed account for one without rows', async () => {
    const error = await failure(batchesOf('campaign_performance', through(closed.id)));
    expect(error).toMatchObject({ code: 'source_not_found', verdict: 'discard' });
    expect(error.message).toMatch(/closed/);
  });

  describe('quotas', () => {
    it('parks when operations are used up, until the vendor says', async () => {
      ads.controls.setOperationsLeft(0);
      const error = await failure(batchesOf('campaigns', through(us.id), {}));
      expect(error).toMatchObject({
        code: 'source_quota',
        details: { until: new Date(Date.parse('2026-03-16T00:00:00Z')) },
      });
      expect(waits).toEqual([]);
    });

    it('waits a short while as the vendor says, or by its own rules', async () => {
      ads.controls.throttle(1, 20);
      ads.controls.throttle(1, null);
      const { rows } = await read('campaigns', through(us.id), {});
      expect(rows.length).toBeGreaterThan(0);
      expect(waits).toEqual([20_000, 2_000]);
    });

    it('spends one operation on a search, however many pages it has', async () => {
      const small = await startGoogleAds({ now: () => now, pageSize: 20 });
      try {
        const before = small.controls.operationsLeft();
        const { rows } = await read('campaign_performance', through(us.id), days, { of: small });
        expect(rows.length).toBeGreaterThan(40);
        expect(before - small.controls.operationsLeft()).toBe(2);
      } finally {
        await small.close();
      }
    });

    it.each(['TRANSIENT_ERROR', 'DEADLINE_EXCEEDED'] as const)('tries again after %s', async (code) => {
      ads.controls.nextSearch(code);
      expect((await read('campaigns', through(us.id), {})).rows.length).toBeGreaterThan(0);
      expect(waits).toEqual([1_000]);
    });
  });

  describe('choices', () => {
    const choices = async (email: string, wishes: Wishes = {}) => {
      const identity = await startGoogleIdentity({ now: () => now });
      const own = await startGoogleAds({ now: () => now, identity });
      try {
        const { accessToken } = identity.issue({ account: email, scopes: [googleScopes.ads] });
        return await googleAdsConnector.choices(
          {},
          null,
          context({ of: own, token: accessToken, ...wishes }),
        );
      } finally {
        await Promise.all([own.close(), identity.close()]);
      }
    };

    it('offer open accounts with the way to them', async () => {
      const offered = await choices(sandboxAccounts.marketing.email);
      expect(offered.map(({ value }) => value)).toEqual([
        manager.id,
        through(sandboxCustomers.asia.id),
        through(us.id),
        through(eu.id),
        through(indonesia.id),
      ]);
      expect(offered[3]).toEqual({
        field: 'customer',
        value: through(eu.id),
        label: 'Sandbox Outdoor Europe',
        detail: '210-300-4102 · EUR · below Sandbox Outdoor Group',
      });
    });

    it('offer the one account that an agency sees', async () => {
      expect((await choices(sandboxAccounts.agency.email)).map(({ value }) => value)).toEqual([eu.id]);
    });

    it('say that somebody has no account', async () => {
      const error = await failure(choices(sandboxAccounts.newcomer.email));
      expect(error.code).toBe('source_unauthorized');
      expect(error.message).toMatch(/no access to any Google Ads account/);
    });
  });

  describe('check', () => {
    const firstFault = async (customer: string, wishes: Wishes = {}): Promise<string> => {
      const { checks } = await googleAdsConnector.check({ customer }, null, context(wishes));
      const fault = checks.find(({ ok }) => !ok);
      return fault ? `${fault.name}: ${fault.message}` : '';
    };

    it('says what it found', async () => {
      const { ok, checks } = await googleAdsConnector.check({ customer: '100-200-3001' }, null, context());
      expect(ok).toBe(true);
      expect(checks.map(({ message }) => message)).toEqual([
        'This installation has one.',
        'The Google account was given access to 1 account.',
        'Sandbox Outdoor Group may be read; its days are those of America/New_York.',
        '3 accounts are read; 1 closed one is left out.',
      ]);
    });

    it.each<[string, () => void, Wishes, RegExp]>([
      [
        'no developer token',
        () => undefined,
        { developerToken: '' },
        /^Developer token: .*FRESHET_GOOGLE_ADS_DEVELOPER_TOKEN/,
      ],
      ['a wrong developer token', () => undefined, { developerToken: 'x' }, /^Sign-in: .*developer token/],
      [
        'a developer token for test accounts',
        () => ads.controls.refuseDeveloperToken('DEVELOPER_TOKEN_NOT_APPROVED'),
        {},
        /^Sign-in: .*test accounts only/,
      ],
      ['a revoked grant', () => ads.controls.revokeGrant(), {}, /^Sign-in: .*revoked\. Reconnect/],
    ])('tells %s', async (_what, arrange, wishes, sentence) => {
      arrange();
      expect(await firstFault(manager.id, wishes)).toMatch(sentence);
    });

    it('tells an account that may not be seen', async () => {
      expect(await firstFault(sandboxCustomers.stranger.id)).toMatch(
        /^Open account 320-400-5201: .* may not see/,
      );
      expect(await firstFault(us.id)).toMatch(/through its manager account/);
    });

    it('tells a consent without Google Ads', async () => {
      const identity = await startGoogleIdentity({ now: () => now });
      const own = await startGoogleAds({ now: () => now, identity });
      const { accessToken } = identity.issue({
        account: sandboxAccounts.marketing.email,
        scopes: [googleScopes.analytics],
      });
      expect(await firstFault(manager.id, { of: own, token: accessToken })).toMatch(
        /does not include Google Ads/,
      );
      await Promise.all([own.close(), identity.close()]);
    });
  });

  it('keeps sources apart that are read at the same time', async () => {
    const other = await startGoogleAds({ now: () => now, seed: 'another world' });
    try {
      const [ours, theirs] = await Promise.all(
        [ads, other].map((of) => read('campaign_performance', through(us.id), days, { of })),
      );
      const costs = (rows: readonly Record<string, unknown>[]) => rows.map(({ cost }) => cost).sort();
      expect(costs(ours?.rows ?? [])).not.toEqual(costs(theirs?.rows ?? []));
      const columns = theirs?.columns ?? [];
      expect(shown(columns, theirs?.rows ?? [])).toEqual(
        shown(columns, other.truth('campaign_performance', days, [us.id])),
      );
    } finally {
      await other.close();
    }
  });

  it('leaves requests of others that use axios alone', async () => {
    await read('campaigns', through(us.id), {});
    const seen = ads.requests.length;
    await expect(axios.get(`${ads.url}/v25/elsewhere`)).rejects.toMatchObject({ response: { status: 404 } });
    expect(ads.requests.length).toBe(seen + 1);
  });
});
