import {
  googleScopes,
  sandboxAccounts,
  startGoogleAdManager,
  startGoogleIdentity,
  type GoogleAdManager,
  type GoogleIdentity,
} from '@freshet/testing';
import { toFreshetError, type FreshetError } from '@freshet/contracts';
import type { Batch } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { createContext } from '../kit/create-context';
import { createHttpClient } from '../kit/http/http-client';
import { googleAdManagerConnector as connector } from './google-ad-manager-connector';

const start = new Date('2026-03-10T15:00:00Z');
const config = { networkCode: '21768590' };
const slice = { from: '2026-03-05', to: '2026-03-07' };

describe('Google Ad Manager', () => {
  let identity: GoogleIdentity;
  let adManager: GoogleAdManager;
  const http = createHttpClient({ allowHosts: ['127.0.0.1'] });
  const now = (): Date => start;

  beforeEach(async () => {
    identity = await startGoogleIdentity({ now });
    adManager = await startGoogleAdManager({
      identity,
      now,
      scale: 0.25,
      quotas: { requestsPerSecond: 1_000 },
    });
  });
  afterEach(() => Promise.all([adManager.close(), identity.close()]));
  afterAll(() => http.close());

  interface Waits {
    looks: number[];
    retries: number[];
    /** Called before each request. */
    onTurn?(): void;
  }

  const contextOf = (
    waits: Waits = { looks: [], retries: [] },
    permit: { account?: string; scope?: string } = {},
  ): ConnectorContext => {
    const { account = sandboxAccounts.marketing.email, scope = googleScopes.adManager } = permit;
    const { accessToken } = identity.issue({ account, scopes: [scope] });
    return createContext({
      http,
      signal: new AbortController().signal,
      now,
      settings: { baseUrl: adManager.url },
      tokens: { get: async () => accessToken, renew: async () => accessToken },
      pacer: async () => {
        waits.onTurn?.();
        return () => undefined;
      },
      wait: async (milliseconds) => void waits.looks.push(milliseconds),
      retry: { random: () => 1, wait: async (milliseconds) => void waits.retries.push(milliseconds) },
    });
  };

  const read = async (
    waits?: Waits,
    stream = 'revenue',
  ): Promise<{ batches: Batch[]; error: FreshetError | null }> => {
    const context = contextOf(waits);
    const batches: Batch[] = [];
    try {
      const account = await connector.account(config, null, context);
      const request = {
        config,
        credentials: null,
        stream,
        slice,
        account,
        checkpoint: null,
        knownColumns: null,
      };
      for await (const batch of connector.read(request, context)) batches.push(batch);
      return { batches, error: null };
    } catch (error) {
      return { batches, error: toFreshetError(error) };
    }
  };

  const posted = (end: RegExp): number =>
    adManager.requests.filter(({ method, path }) => method === 'POST' && end.test(path)).length;

  it('reads the same dates and money whether they come as numbers or as text', async () => {
    const asNumbers = await read();
    adManager.controls.encoding = 'text';
    const asText = await read();
    expect(asNumbers.error ?? asText.error).toBeNull();
    expect(asText.batches.map(({ rows }) => rows)).toEqual(asNumbers.batches.map(({ rows }) => rows));
    const [row = []] = asText.batches[0]?.rows ?? [];
    expect([row[0], row[7]]).toEqual(['2026-03-05', expect.stringMatching(/^\d+\.\d+$/)]);
  });

  it('looks at a report ever less often, from five seconds up to a minute', async () => {
    adManager.controls.looks = 9;
    const waits: Waits = { looks: [], retries: [] };
    expect((await read(waits)).error).toBeNull();
    expect(waits.looks).toEqual([5_000, 7_500, 11_250, 16_875, 25_313, 37_970, 56_955, 60_000, 60_000]);
    expect(waits.retries).toEqual([]);
  });

  it('asks for fewer days when a report takes too long', async () => {
    adManager.controls.looks = 1_000;
    expect((await read()).error).toMatchObject({ code: 'source_slice_too_large' });
    adManager.controls.looks = 1;
    adManager.controls.failReports({ code: 4, message: 'Deadline exceeded.' });
    expect((await read()).error).toMatchObject({ code: 'source_slice_too_large' });
  });

  it('runs a report that failed again as a whole', async () => {
    adManager.controls.failReports({ code: 13, message: 'Internal error.' });
    const waits: Waits = { looks: [], retries: [] };
    const { batches, error } = await read(waits);
    expect(error).toBeNull();
    expect(batches.flatMap(({ rows }) => rows)).toHaveLength(adManager.truth('revenue', slice).length);
    expect({ created: posted(/\/reports$/), run: posted(/:run$/), waited: waits.retries }).toEqual({
      created: 2,
      run: 2,
      waited: [1_000],
    });
  });

  it('gives up on a report that goes on failing, and says so', async () => {
    const failure = { code: 13, message: 'Internal error.' };
    adManager.controls.failReports(failure, failure, failure, failure);
    const { batches, error } = await read();
    expect(batches).toEqual([]);
    expect(error).toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('did not finish the report') as string,
    });
  });

  it('does not run a report again that Ad Manager will not have', async () => {
    adManager.controls.failReports({ code: 3, message: 'Metric not available in this network.' });
    const { error } = await read();
    expect(error).toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('Metric not available') as string,
    });
    expect(posted(/:run$/)).toBe(1);
  });

  it('does not repeat a report because one of its calls failed', async () => {
    adManager.controls.looks = 0;
    const unreachable = { kind: 'status', status: 503 } as const;
    const context = contextOf();
    const account = await connector.account(config, null, context);
    adManager.fail(unreachable, unreachable, unreachable, unreachable);
    const request = {
      config,
      credentials: null,
      stream: 'revenue',
      slice,
      account,
      checkpoint: null,
      knownColumns: null,
    };
    const reading = connector.read(request, context)[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({ code: 'source_unreachable' });
    expect(posted(/\/reports$/)).toBe(4);
  });

  it('never takes rows without their last value for rows', async () => {
    adManager.controls.shortRows = true;
    const { batches, error } = await read();
    expect(batches).toEqual([]);
    expect(error).toMatchObject({
      code: 'source_unreadable',
      message: expect.stringContaining('4 + 10 values where 4 + 11') as string,
    });
  });

  it('never takes fewer rows than were counted for a whole report', async () => {
    Object.assign(adManager.controls, { lostRows: 1, mostRowsOnPage: 20 });
    const { batches, error } = await read();
    expect(error).toMatchObject({ code: 'source_changed', verdict: 'retry' });
    expect(batches.flatMap(({ rows }) => rows).length).toBeLessThan(
      adManager.truth('revenue', slice).length - 1,
    );
  });

  it.each(['a new report', 'its start', 'its end', 'its first page', 'its second page', 'its last page'])(
    'never takes the answer to another request for %s',
    async (what) => {
      Object.assign(adManager.controls, { looks: 1, mostRowsOnPage: 20 });
      const whole = await read();
      const asked =
        ['a new report', 'its start', 'its end', 'its first page', 'its second page'].indexOf(what) + 2;
      const last = 4 + whole.batches.length;
      let turns = 0;
      const onTurn = (): void => {
        turns += 1;
        if (turns === (asked > 1 ? asked : last)) adManager.fail({ kind: 'repeat' });
      };
      const waits: Waits = { looks: [], retries: [], onTurn };
      const { batches, error } = await read(waits);
      expect(error).toBeNull();
      expect(turns).toBeGreaterThan(last);
      expect(batches.map(({ rows }) => rows)).toEqual(whole.batches.map(({ rows }) => rows));
    },
  );

  it('keeps its reports out of the publisher’s list, in the network’s own money', async () => {
    await read();
    const body = JSON.parse(
      adManager.requests.find(({ path }) => path.endsWith('/reports'))?.body ?? '{}',
    ) as unknown;
    expect(body).toMatchObject({
      visibility: 0,
      displayName: 'Freshet revenue',
      reportDefinition: { reportType: 1, timeZoneSource: 1, currencyCode: 'USD' },
    });
    expect(adManager.requests.at(-1)?.query.get('pageSize')).toBe('10000');
  });

  it('keeps cities of one name apart, and places that Ad Manager can’t tell', async () => {
    const { batches, error } = await read(undefined, 'cities');
    expect(error).toBeNull();
    const rows = batches.flatMap((batch) => batch.rows);
    expect(batches.flatMap(({ rejects }) => rejects)).toEqual([]);
    const rochester = rows
      .filter((row) => row[6] === 'Rochester' && row[0] === '2026-03-05')
      .map((row) => row[4]);
    expect(rochester).toEqual(['New York', 'Minnesota']);
    expect(rows.filter((row) => row[1] === '0').map((row) => row.slice(2, 7))[0]).toEqual([
      '',
      '(unknown)',
      '',
      '',
      '',
    ]);
  });

  it('waits a second for its turn, and parks the run when the reports of the hour are used up', async () => {
    adManager.controls.quotas.reportsPerHour = 1;
    expect((await read()).error).toBeNull();
    const { error } = await read();
    expect(error).toMatchObject({
      code: 'source_quota',
      verdict: 'wait',
      details: { until: new Date(start.getTime() + 3_600_000) },
    });
    adManager.controls.quotas.requestsPerSecond = 0;
    const waits: Waits = { looks: [], retries: [] };
    expect((await read(waits)).error).toMatchObject({ code: 'source_quota' });
    expect(waits.retries).toEqual([1_000, 1_000, 1_000]);
  });

  it('offers the networks that the account sees', async () => {
    expect(await connector.choices({}, null, contextOf())).toEqual([
      {
        field: 'networkCode',
        value: '21768590',
        label: 'Harbor Daily (Sandbox)',
        detail: '21768590 · USD · America/New_York',
      },
      {
        field: 'networkCode',
        value: '22904417',
        label: 'Le Courrier du Port (Sandbox)',
        detail: '22904417 · EUR · Europe/Paris',
      },
    ]);
  });

  it('says what is wrong with an account, its permission or its network, and what to do', async () => {
    const failure = async (permit: { account?: string; scope?: string }): Promise<string | undefined> =>
      (await connector.check(config, null, contextOf(undefined, permit))).checks.find(({ ok }) => !ok)
        ?.message;
    expect(await failure({ account: sandboxAccounts.newcomer.email })).toMatch(
      /sees no Ad Manager network\. Reconnect/,
    );
    expect(await failure({ account: sandboxAccounts.agency.email })).toMatch(
      /does not see network 21768590\. Choose/,
    );
    expect(await failure({ scope: googleScopes.analytics })).toMatch(
      /did not allow Freshet.*leave the box .* ticked\./,
    );
    adManager.controls.closedNetworks.add('21768590');
    expect(await failure({})).toMatch(/API access is turned off.*Ask its administrator/);
  });
});
