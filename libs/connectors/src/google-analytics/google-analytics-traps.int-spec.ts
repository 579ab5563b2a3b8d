import {
  googleScopes,
  sandboxAccounts,
  sandboxProperties,
  startGoogleAnalytics,
  startGoogleIdentity,
  type AnalyticsQuotaName,
  type GoogleAnalytics,
  type GoogleIdentity,
} from '@freshet/testing';
import type { Batch } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { contextFor, localHttp } from '../kit/conformance/context';
import { StreamSync } from '../kit/conformance/stream-sync';
import { SuiteClock } from '../kit/conformance/suite-clock';
import { shownRows } from '../kit/conformance/table';
import type { HttpClient } from '../kit/http/http-client';
import { reports, truthOf } from './expected-reports';
import { googleAnalyticsConnector as connector } from './google-analytics-connector';

type Property = (typeof sandboxProperties)[keyof typeof sandboxProperties];

const { store, europe, telemetry, empty } = sandboxProperties;
const { marketing, agency, newcomer } = sandboxAccounts;

describe('Google Analytics and its traps', () => {
  let clock: SuiteClock;
  let identity: GoogleIdentity;
  let vendor: GoogleAnalytics;
  let http: HttpClient;
  let waits: number[];

  beforeAll(async () => {
    http = localHttp();
    identity = await startGoogleIdentity({ now: () => clock.now() });
  });
  beforeEach(async () => {
    clock = new SuiteClock();
    waits = [];
    vendor = await startGoogleAnalytics({ identity, now: clock.now });
  });
  afterEach(() => vendor.close());
  afterAll(() => Promise.all([http.close(), identity.close()]));

  const contextOf = (
    account: string = marketing.email,
    scope: string = googleScopes.analytics,
  ): ConnectorContext => {
    const { accessToken } = identity.issue({ account, scopes: [scope] });
    const tokens = { get: async () => accessToken, renew: async () => accessToken };
    return contextFor({ settings: { baseUrl: vendor.url }, tokens }, { clock, http }, { waits });
  };
  const read = async (
    stream: string,
    { id }: Property = store,
    slice = { from: '2026-03-05', to: '2026-03-06' },
  ): Promise<Batch[]> => {
    const request = {
      config: { propertyId: id },
      credentials: null,
      stream,
      slice,
      account: null,
      checkpoint: null,
      knownColumns: null,
    };
    const batches: Batch[] = [];
    for await (const batch of connector.read(request, contextOf())) batches.push(batch);
    return batches;
  };
  const syncOf = (stream: string, { id }: Property, days: number, lookbackDays?: number): StreamSync => {
    const config = { propertyId: id, ...(lookbackDays !== undefined && { lookbackDays }) };
    const spec = connector.streams(config).find(({ name }) => name === stream);
    if (!spec) throw new Error(`There is no stream ${stream}.`);
    return new StreamSync(connector, { config, credentials: null }, spec, days);
  };
  const expectTruth = (sync: StreamSync, property: Property): void => {
    const truth = truthOf(vendor, property, sync.spec.name, sync.days);
    const names = Object.keys(truth[0] ?? {});
    expect(sync.table.shown(names)).toEqual(shownRows(truth, sync.table.columns ?? [], names));
  };
  const daysAsked = (): string[] =>
    vendor.requests
      .filter(({ path }) => path.endsWith(':runReport'))
      .map(({ body }) => JSON.parse(body) as { dateRanges: { startDate: string; endDate: string }[] })
      .map(({ dateRanges: [range] }) => `${range?.startDate} ${range?.endDate}`);

  it.each(Object.keys(reports))('reads %s to the last digit, with every field', async (stream) => {
    for (const property of [store, telemetry]) {
      const [batch] = await read(stream, property);
      const truth = truthOf(vendor, property, stream, { from: '2026-03-05', to: '2026-03-06' });
      expect(batch?.rejects).toEqual([]);
      const names = batch?.columns.map(({ name }) => name) ?? [];
      expect(Object.keys(truth[0] ?? {}).sort()).toEqual([...names].sort());
      const rows = (batch?.rows ?? []).map((row) =>
        Object.fromEntries(names.map((name, at) => [name, row[at]])),
      );
      expect(shownRows(rows, batch?.columns ?? [], names).sort()).toEqual(
        shownRows(truth, batch?.columns ?? [], names).sort(),
      );
    }
  });

  it('keeps counts that a JavaScript number can’t hold', async () => {
    const [batch] = await read('events', telemetry);
    const at = batch?.columns.findIndex(({ name }) => name === 'event_count') ?? -1;
    const largest = (batch?.rows ?? [])
      .map((row) => BigInt(row[at] as string))
      .reduce((a, b) => (a > b ? a : b));
    expect(largest).toBeGreaterThan(2n ** 53n);
    expect(String(Number(largest))).not.toBe(String(largest));
  });

  it.each<[AnalyticsQuotaName, number | string]>([
    ['tokensPerProjectPerHour', 1_800],
    ['tokensPerHour', 1_800],
    ['serverErrorsPerProjectPerHour', 3_600],
    ['tokensPerDay', '2026-03-11T07:00:00.000Z'],
  ])('hands over %s with the time when it is worth asking again', async (quota, end) => {
    vendor.exhaust(store.id, quota);
    const until = typeof end === 'string' ? new Date(end) : new Date(clock.now().getTime() + end * 1_000);
    await expect(read('traffic')).rejects.toMatchObject({ code: 'source_quota', details: { until } });
    expect(waits).toEqual([]);
  });

  it('waits half a minute when others ask at the same time', async () => {
    vendor.exhaust(store.id, 'concurrentRequests');
    const context = contextOf();
    const request = {
      config: { propertyId: store.id },
      credentials: null,
      stream: 'traffic',
      checkpoint: null,
    };
    const reading = connector.read(
      { ...request, slice: { from: '2026-03-05', to: '2026-03-06' }, account: null, knownColumns: null },
      {
        ...context,
        of: (speaker) => {
          const bound = context.of(speaker);
          return {
            ...bound,
            call: (operation) =>
              bound.call(async (attempt) => {
                if (waits.length > 0) vendor.relax(store.id);
                return operation(attempt);
              }),
          };
        },
      },
    );
    const batches: Batch[] = [];
    for await (const batch of reading) batches.push(batch);
    expect(waits).toEqual([30_000]);
    expect(batches[0]?.rows.length).toBeGreaterThan(10);
  });

  it('goes on by itself after each quota of a long sync', async () => {
    await vendor.close();
    vendor = await startGoogleAnalytics({
      identity,
      now: clock.now,
      quotas: { tokensPerProjectPerHour: 100 },
    });
    const sync = syncOf('traffic', store, 40);
    let parked = 0;
    for (;;) {
      const { error } = await sync.run(contextOf());
      if (!error) break;
      expect(error).toMatchObject({ code: 'source_quota' });
      parked += 1;
      clock.advanceTo(error.details.until ?? new Date(0));
    }
    expect(parked).toBeGreaterThan(2);
    const asked = daysAsked();
    expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(parked);
    await sync.run(contextOf());
    expectTruth(sync, store);
  });

  it('asks for one day at a time, so that it is sampled last, and for each day once where clocks change', async () => {
    vendor.reporting.sampledFrom = 60_000;
    const sync = syncOf('traffic', store, 5);
    const { batches } = await sync.run(contextOf());
    expect(daysAsked()).toEqual(
      ['05', '06', '07', '08', '09', '10'].map((day) => `2026-03-${day} 2026-03-${day}`),
    );
    expect(batches.flatMap(({ warnings }) => warnings)).toEqual([]);
    expectTruth(sync, store);
  });

  it('warns of numbers that are sampled, withheld or put together', async () => {
    expect((await read('traffic'))[0]?.warnings).toEqual([]);
    Object.assign(vendor.reporting, {
      sampledFrom: 1_000,
      samplesDays: true,
      withheldBelow: 60,
      mostCells: 15,
    });
    expect((await read('traffic'))[0]?.warnings).toEqual([
      expect.stringContaining('sampled'),
      expect.stringContaining('withholds'),
      expect.stringContaining('(other)'),
    ]);
  });

  it('follows days that grow, and drops rows that Google takes back', async () => {
    const sync = syncOf('traffic', europe, 4);
    const unknownSources = (): number =>
      sync.table.shown(['date', 'session_source']).filter((row) => row.includes('(data not available)'))
        .length;
    await sync.run(contextOf());
    expect(unknownSources()).toBeGreaterThan(0);
    for (let day = 0; day < 4; day++) {
      clock.nextDay();
      await sync.run(contextOf());
      expectTruth(sync, europe);
    }
    const old = sync.table.shown(['date', 'session_source']).filter((row) => /2026-03-1[01]/.test(row));
    expect(old.filter((row) => row.includes('(data not available)'))).toEqual([]);
  });

  it('reads as many days again as it is told', async () => {
    expect(() => connector.parseConfig({ propertyId: store.id, lookbackDays: 61 })).toThrow(/lookbackDays/);
    expect(connector.streams({ propertyId: store.id }).map(({ lookbackDays }) => lookbackDays)).toEqual(
      Array(6).fill(3),
    );
    const sync = syncOf('devices', europe, 8, 7);
    await sync.run(contextOf());
    vendor.requests.length = 0;
    clock.nextDay();
    await sync.run(contextOf());
    expect(daysAsked()).toHaveLength(9);
  });

  it('tells an empty property from one that can’t be read', async () => {
    expect((await read('traffic', empty))[0]?.rows).toEqual([]);
    const { ok, checks } = await connector.check({ propertyId: empty.id }, null, contextOf());
    expect({ ok, last: checks.at(-1)?.message }).toEqual({
      ok: true,
      last: 'The property can be read; it has no sessions in the last seven days.',
    });
  });

  it.each<[string, string, string, Property, RegExp]>([
    ['a scope that was not granted', marketing.email, googleScopes.ads, store, /did not allow .* ticked\.$/],
    [
      'an account without properties',
      newcomer.email,
      googleScopes.analytics,
      store,
      /sees no .* Viewer for one\.$/,
    ],
    [
      'somebody else’s property',
      agency.email,
      googleScopes.analytics,
      store,
      /may not read this property\. Ask /,
    ],
  ])('says in its check what to do about %s', async (_what, account, scope, { id }, message) => {
    const { ok, checks } = await connector.check({ propertyId: id }, null, contextOf(account, scope));
    expect(ok).toBe(false);
    expect(checks.at(-1)?.message).toMatch(message);
  });

  it('lets a person choose among the properties of the account', async () => {
    const choices = await connector.choices({}, null, contextOf(agency.email));
    expect(choices).toEqual([
      {
        field: 'propertyId',
        value: europe.id,
        label: europe.name,
        detail: `Harbor & Pine (Sandbox) · ${europe.id}`,
      },
    ]);
    expect(await connector.choices({}, null, contextOf())).toHaveLength(4);
    expect(await connector.choices({}, null, contextOf(newcomer.email))).toEqual([]);
  });

  it('knows the zone and the currency of a property', async () => {
    expect(await connector.account({ propertyId: europe.id }, null, contextOf())).toEqual({
      name: europe.name,
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
    });
  });
});
