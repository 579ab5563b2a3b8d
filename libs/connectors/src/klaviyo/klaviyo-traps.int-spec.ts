import { startKlaviyo, type KlaviyoOptions, type KlaviyoStandIn } from '@freshet/testing';
import type { Batch, Checkpoint } from '../kit/connector';
import { createContext } from '../kit/create-context';
import { createHttpClient, type HttpClient } from '../kit/http/http-client';
import type { Pace } from '../kit/context';
import { klaviyoConnector } from './klaviyo-connector';

const now = new Date('2026-11-22T14:00:00Z');
const account = { name: 'Sandbox', timeZone: 'America/New_York', currency: 'USD' };

describe('Klaviyo’s traps', () => {
  let http: HttpClient;
  const open: KlaviyoStandIn[] = [];
  const start = async (options: KlaviyoOptions = {}): Promise<KlaviyoStandIn> => {
    const klaviyo = await startKlaviyo({
      now: () => now,
      people: 60,
      eventsADay: 20,
      historyDays: 20,
      ...options,
    });
    open.push(klaviyo);
    return klaviyo;
  };
  beforeAll(() => {
    http = createHttpClient({ allowHosts: ['127.0.0.1'] });
  });
  afterAll(() => Promise.all([http.close(), ...open.map((klaviyo) => klaviyo.close())]));

  const contextOf = ({ url }: KlaviyoStandIn, paces: Pace[] = []) =>
    createContext({
      http,
      signal: new AbortController().signal,
      now: () => now,
      settings: { baseUrl: url },
      pacer: (pace) => {
        paces.push(pace);
        return Promise.resolve(() => undefined);
      },
    });
  const read = async (
    klaviyo: KlaviyoStandIn,
    stream: string,
    {
      slice = {},
      checkpoint = null,
      apiKey = klaviyo.apiKey,
      paces = [] as Pace[],
    }: {
      slice?: { from?: string; to?: string };
      checkpoint?: Checkpoint | null;
      apiKey?: string;
      paces?: Pace[];
    } = {},
  ): Promise<{ batches: Batch[]; rows: Record<string, unknown>[] }> => {
    const batches: Batch[] = [];
    const request = {
      config: {},
      credentials: { apiKey },
      stream,
      slice,
      account,
      checkpoint,
      knownColumns: null,
    };
    for await (const batch of klaviyoConnector.read(request, contextOf(klaviyo, paces))) batches.push(batch);
    const rows = batches.flatMap((batch) =>
      batch.rows.map((row) => Object.fromEntries(batch.columns.map(({ name }, place) => [name, row[place]]))),
    );
    return { batches, rows };
  };

  it('keeps every digit of money and of numbers inside an event', async () => {
    const klaviyo = await start();
    const { rows } = await read(klaviyo, 'events', { slice: { from: '2026-11-12', to: '2026-11-19' } });
    const orders = rows.filter(({ value }) => value !== null);
    expect(orders.some(({ value }) => /\.\d{16}$/.test(String(value)))).toBe(true);
    expect(orders.every(({ properties }) => /"OrderId":"9007199\d{9}"/.test(String(properties)))).toBe(true);
  });

  it('reads only campaigns that changed since, of both channels and both archives', async () => {
    const klaviyo = await start();
    const first = await read(klaviyo, 'campaigns');
    const checkpoint = first.batches.at(-1)?.checkpoint ?? null;
    const again = await read(klaviyo, 'campaigns', { checkpoint });
    const kinds = new Set(
      first.rows.map(({ channel, archived }) => `${String(channel)} ${String(archived)}`),
    );
    expect([...kinds].sort()).toEqual(['email false', 'email true', 'sms false', 'sms true']);
    expect(again.rows.length).toBeLessThan(first.rows.length / 10);
    expect(again.batches.at(-1)?.checkpoint).toEqual(checkpoint);
  });

  it('spends one report on all campaigns of a year', async () => {
    const klaviyo = await start();
    const { rows } = await read(klaviyo, 'campaign_values');
    const reports = klaviyo.requests.filter(({ path }) => path.endsWith('/campaign-values-reports'));
    expect(rows.length).toBeGreaterThan(100);
    expect(reports.length).toBe(Math.ceil(rows.length / 100));
  });

  it('paces each endpoint by limits of its own, and each account apart', async () => {
    const klaviyo = await start();
    const paces: Pace[] = [];
    await read(klaviyo, 'campaign_values', { paces });
    await read(klaviyo, 'metrics', { apiKey: 'pk_other', paces }).catch(() => undefined);
    const [metrics, reports] = [
      paces.filter(({ perMinute }) => perMinute === 150),
      paces.filter(({ perMinute }) => perMinute === 2),
    ];
    expect(new Set(metrics.map(({ key }) => key)).size).toBe(2);
    expect(reports.length).toBeGreaterThan(0);
    expect(JSON.stringify(paces)).not.toContain(klaviyo.apiKey);
  });

  it('parks when the reports of the day are used up', async () => {
    const klaviyo = await start();
    klaviyo.useUpReports();
    await expect(read(klaviyo, 'campaign_values')).rejects.toMatchObject({
      code: 'source_quota',
      details: { until: new Date(now.getTime() + 86_400_000) },
    });
  });

  it('names the scope that a key lacks', async () => {
    const klaviyo = await start();
    klaviyo.withhold('events:read');
    const { ok, checks } = await klaviyoConnector.check({}, { apiKey: klaviyo.apiKey }, contextOf(klaviyo));
    expect(ok).toBe(false);
    expect(checks.map((step) => step.ok)).toEqual([true, false]);
    expect(checks.at(-1)?.message).toContain('events:read');
  });

  it('gives a day without events as such', async () => {
    const klaviyo = await start({ quietDays: ['2026-11-15', '2026-11-16'] });
    const { batches, rows } = await read(klaviyo, 'events', {
      slice: { from: '2026-11-15', to: '2026-11-16' },
    });
    expect(rows).toEqual([]);
    expect(batches).toHaveLength(1);
  });

  it('does not take the page of other days for these', async () => {
    const klaviyo = await start();
    await read(klaviyo, 'events', { slice: { from: '2026-11-12', to: '2026-11-13' } });
    klaviyo.fail({ kind: 'repeat' });
    await expect(
      read(klaviyo, 'events', { slice: { from: '2026-11-13', to: '2026-11-14' } }),
    ).rejects.toMatchObject({ code: 'source_changed' });
  });

  it('offers metrics to count conversions by', async () => {
    const klaviyo = await start();
    const choices = await klaviyoConnector.choices({}, { apiKey: klaviyo.apiKey }, contextOf(klaviyo));
    expect(choices).toContainEqual(
      expect.objectContaining({ field: 'conversionMetric', label: 'Placed Order', detail: 'Shopify' }),
    );
  });

  it('knows where the account lives', async () => {
    const klaviyo = await start();
    expect(await klaviyoConnector.account({}, { apiKey: klaviyo.apiKey }, contextOf(klaviyo))).toEqual({
      name: 'Alder & Oak (Sandbox)',
      timeZone: 'America/New_York',
      currency: 'USD',
    });
  });
});
