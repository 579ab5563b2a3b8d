import { startSwitchboard, type Switchboard, type SwitchboardOptions } from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import type { Batch } from '../kit/connector';
import type { HttpClient } from '../kit/http/http-client';
import { switchboardConnector } from './switchboard-connector';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const slice = { from: '2026-02-20', to: '2026-03-11' };

const open = async (
  options: SwitchboardOptions = {},
  onRequest: (standIn: Switchboard, url: URL) => void = () => undefined,
) => {
  const clock = new SuiteClock();
  const standIn = await startSwitchboard({
    now: clock.now,
    scale: 0.2,
    days: 60,
    messagesAPage: 10,
    ...options,
  });
  const plain = localHttp();
  closing.push(
    () => standIn.close(),
    () => plain.close(),
  );
  const http: HttpClient = {
    ...plain,
    fetch: (url, request) => {
      onRequest(standIn, new URL(url));
      return plain.fetch(url, request);
    },
  };
  const waits: number[] = [];
  const context = contextFor({ settings: { baseUrl: standIn.url } }, { clock, http }, { waits });
  const credentials = { accountId: standIn.accountId, secretKey: standIn.secretKey };
  const read = async (stream: string, timeZone = 'America/New_York'): Promise<Batch[]> => {
    const request = { config: { timeZone }, credentials, stream, slice, account: null };
    const batches: Batch[] = [];
    for await (const batch of switchboardConnector.read(
      { ...request, checkpoint: null, knownColumns: null },
      context,
    ))
      batches.push(batch);
    return batches;
  };
  return { standIn, waits, read };
};

const rowsOf = (batches: readonly Batch[]) => batches.flatMap(({ rows }) => rows);

it('gives the same rows whether pages are named by cursors, by addresses, or by those of the vendor behind a proxy', async () => {
  const { standIn, read } = await open();
  const byCursor = rowsOf(await read('messages'));
  expect(byCursor.length).toBeGreaterThan(20);
  standIn.nameNextPage('url');
  expect(rowsOf(await read('messages'))).toEqual(byCursor);
  standIn.nameNextPage((path) => `https://api.oneswitchboard.com${path}`);
  expect(rowsOf(await read('messages'))).toEqual(byCursor);
});

it('goes to no other server, whatever a page names', async () => {
  const { standIn, read } = await open();
  const elsewhere = await startSwitchboard();
  closing.push(() => elsewhere.close());
  standIn.nameNextPage((path) => `${elsewhere.url}${path}`);
  await expect(read('broadcasts')).rejects.toMatchObject({ code: 'source_refused' });
  expect(elsewhere.requests).toEqual([]);
});

it('takes an error in an answer that looks well for what it is', async () => {
  const { standIn, waits, read } = await open();
  const whole = rowsOf(await read('broadcasts'));
  standIn.failSoftly('rate_limited', 'internal_error');
  expect(rowsOf(await read('broadcasts'))).toEqual(whole);
  expect(waits).toEqual([1_000, 2_000]);
  standIn.failSoftly('unauthorized');
  await expect(read('broadcasts')).rejects.toMatchObject({
    code: 'source_unauthorized',
    message: expect.stringContaining('Told in an answer that looks well.') as string,
  });
});

it('stays under 300 requests a minute', async () => {
  const { standIn, read } = await open({ scale: 0.5, messagesAPage: 1 });
  await read('messages');
  expect(standIn.requests.length).toBeGreaterThan(320);
  expect(standIn.requests.filter(({ status }) => status !== 200)).toEqual([]);
});

it('asks for the messages of those broadcasts only that had what a stream is about', async () => {
  const { standIn, read } = await open({ scale: 0.1 });
  const count = async (stream: string): Promise<number> => {
    const before = standIn.requests.length;
    await read(stream);
    return new Set(
      standIn.requests
        .slice(before)
        .map(({ path }) => path)
        .filter((path) => path.endsWith('phone_messages')),
    ).size;
  };
  const refused = new Set(
    standIn.truth('opt_outs', slice, 'America/New_York').map(({ broadcast_id }) => broadcast_id),
  );
  expect(await count('opt_outs')).toBe(refused.size);
  expect(await count('messages')).toBeGreaterThan(refused.size);
});

it('counts a broadcast on the day that the account’s zone had', async () => {
  const { read } = await open({ scale: 0.05 });
  const days = async (timeZone: string) =>
    new Map(rowsOf(await read('broadcasts', timeZone)).map((row) => [row[0], row[3]]));
  const [utc, honolulu] = [await days('UTC'), await days('Pacific/Honolulu')];
  const moved = [...utc].filter(([id, day]) => honolulu.has(id) && honolulu.get(id) !== day);
  expect(moved.length).toBeGreaterThan(0);
  for (const [id, day] of moved) expect(String(honolulu.get(id)) < String(day)).toBe(true);
});

it('never takes the messages of one broadcast for those of the next', async () => {
  const first: string[] = [];
  const opened = await open({ messagesAPage: 100 }, (standIn, { pathname, search }) => {
    if (pathname.endsWith('/phone_messages') && search === '' && first.push(pathname) === 2)
      standIn.fail({ kind: 'repeat' });
  });
  const rows = rowsOf(await opened.read('messages'));
  expect(opened.waits).toEqual([1_000]);
  const expected = opened.standIn.truth('messages', slice, 'America/New_York');
  const pairs = (ids: unknown[][]): string[] => ids.map(String).sort();
  expect(pairs(rows.map(([id, broadcast]) => [id, broadcast]))).toEqual(
    pairs(expected.map(({ id, broadcast_id }) => [id, broadcast_id])),
  );
});
