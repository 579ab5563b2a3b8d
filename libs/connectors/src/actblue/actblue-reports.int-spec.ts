import { startActBlue, type ActBlue, type ActBlueOptions } from '@freshet/testing';
import type { FreshetError } from '@freshet/contracts';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import type { Batch } from '../kit/connector';
import type { HttpClient } from '../kit/http/http-client';
import { actBlueConnector } from './actblue-connector';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const open = async (options: ActBlueOptions = {}, around: (url: string) => void = () => undefined) => {
  const clock = new SuiteClock('2026-11-03T12:00:00Z');
  const standIn = await startActBlue({ now: clock.now, scale: 0.05, polls: 0, ...options });
  const plain = localHttp();
  closing.push(
    () => standIn.close(),
    () => plain.close(),
  );
  const http: HttpClient = {
    ...plain,
    fetch: (url, request) => {
      around(url);
      return plain.fetch(url, request);
    },
  };
  return { standIn, context: contextFor({ settings: { baseUrl: standIn.url } }, { clock, http }) };
};

type Opened = Awaited<ReturnType<typeof open>>;

const credentialsOf = ({ clientUuid, clientSecret }: ActBlue) => ({ clientUuid, clientSecret });

const read = async (
  { standIn, context }: Opened,
  stream: string,
  from: string,
  to: string,
): Promise<Batch[]> => {
  const request = { config: {}, credentials: credentialsOf(standIn), stream, slice: { from, to } };
  const rest = { account: null, checkpoint: null, knownColumns: null };
  const batches: Batch[] = [];
  for await (const batch of actBlueConnector.read({ ...request, ...rest }, context)) batches.push(batch);
  return batches;
};

const objectsOf = (batches: readonly Batch[]): Record<string, unknown>[] =>
  batches.flatMap(({ columns, rows }) =>
    rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))),
  );

it('asks for reports of up to six months, as long as its slices may grow', async () => {
  const opened = await open({ scale: 0.01 });
  const mostDays = actBlueConnector.streams({})[0]?.slicing?.mostDays ?? 0;
  // From September to March the half year is shortest.
  const to = new Date(Date.parse('2025-09-01') + mostDays * 86_400_000).toISOString().slice(0, 10);
  await expect(read(opened, 'contributions', '2025-09-01', to)).resolves.not.toEqual([]);
  await expect(read(opened, 'contributions', '2025-09-01', '2026-03-02')).rejects.toMatchObject({
    code: 'source_refused',
    message: expect.stringContaining('6 months') as string,
  });
});

it('shows its credentials to ActBlue alone, not to the storage that holds a download', async () => {
  const opened = await open();
  await read(opened, 'refunds', '2026-10-01', '2026-11-01');
  const shown = opened.standIn.requests.map(({ path, headers }) => [
    path.startsWith('/downloads/') ? 'download' : 'api',
    headers.authorization !== undefined,
  ]);
  expect(new Set(shown.map(String))).toEqual(new Set(['api,true', 'download,false']));
});

it('reads a slice again whose download expired before it came', async () => {
  const expired: string[] = [];
  const opened: Opened = await open({}, (url) => {
    if (!url.includes('/downloads/') || expired.length > 0) return;
    expired.push(url);
    opened.standIn.expireDownloads();
  });
  const failure = await read(opened, 'refunds', '2026-10-01', '2026-11-01').catch(
    (error: FreshetError) => error,
  );
  expect(failure).toMatchObject({ code: 'source_page_expired', verdict: 'retry' });
  const days = { from: '2026-10-01', to: '2026-11-01' };
  expect(objectsOf(await read(opened, 'refunds', days.from, days.to))).toHaveLength(
    opened.standIn.truth('refunds', days).length,
  );
});

it('asks once more for a report that failed, and gives up after that', async () => {
  const opened = await open();
  opened.standIn.failNextJobs(1);
  await expect(read(opened, 'refunds', '2026-10-01', '2026-11-01')).resolves.not.toEqual([]);
  opened.standIn.failNextJobs(2);
  await expect(read(opened, 'refunds', '2026-10-01', '2026-11-01')).rejects.toMatchObject({
    code: 'source_unreachable',
    message: 'ActBlue failed twice to make a report.',
  });
});

it('gives up on a report that is never ready', async () => {
  const opened = await open({ polls: 100_000 });
  await expect(read(opened, 'refunds', '2026-10-01', '2026-11-01')).rejects.toMatchObject({
    code: 'source_unreachable',
    message: expect.stringContaining('half an hour') as string,
  });
});

it('has a contribution once that is refunded, and tells the refund apart', async () => {
  const opened = await open();
  const { standIn } = opened;
  const order = standIn.add({ startedAt: Date.parse('2026-10-20T15:00:00Z') });
  const item = standIn.paidOn('2026-10-20').find((paid) => paid.order.receiptId === order.receiptId);
  if (!item) throw new Error('The order is not there.');
  standIn.refund(item, new Date('2026-10-25T15:00:00Z'));
  const ofOrder = ({ lineitem_id }: Record<string, unknown>): boolean => lineitem_id === item.lineitemId;

  const contributions = objectsOf(await read(opened, 'contributions', '2026-10-18', '2026-11-01')).filter(
    ofOrder,
  );
  expect(contributions).toEqual([expect.objectContaining({ amount: '25.00', paid_on: '2026-10-20' })]);
  const refunds = objectsOf(await read(opened, 'refunds', '2026-10-18', '2026-11-01')).filter(ofOrder);
  expect(refunds).toEqual([expect.objectContaining({ refunded_on: '2026-10-25', amount: '25.00' })]);
  // The report of paid ones has it no more, so without the refunded ones it would be lost when its day is read again.
  const paid = standIn.truth('contributions', { from: '2026-10-20', to: '2026-10-21' });
  expect(paid.filter(ofOrder)).toHaveLength(1);
});

it('puts contributions of the nights when clocks change on their Eastern days', async () => {
  const opened = await open();
  const times = [
    '2026-03-08T06:59:00Z',
    '2026-03-08T07:00:00Z',
    '2026-11-01T05:30:00Z',
    '2026-11-01T06:30:00Z',
    '2026-11-01T07:00:00Z',
  ];
  const receipts = times.map((time) => opened.standIn.add({ startedAt: Date.parse(time) }).receiptId);
  const rows = [
    ...objectsOf(await read(opened, 'contributions', '2026-03-07', '2026-03-10')),
    ...objectsOf(await read(opened, 'contributions', '2026-10-31', '2026-11-02')),
  ];
  const found = receipts.map((receipt) => rows.find(({ receipt_id }) => receipt_id === receipt));
  expect(found.map((row) => [row?.['paid_on'], row?.['paid_at']])).toEqual([
    ['2026-03-08', '2026-03-08T06:59:00Z'],
    ['2026-03-08', '2026-03-08T07:00:00Z'],
    ['2026-11-01', '2026-11-01T05:30:00Z'],
    // 1:30 comes twice, and the report does not say which one it was.
    ['2026-11-01', '2026-11-01T05:30:00Z'],
    ['2026-11-01', '2026-11-01T07:00:00Z'],
  ]);
});
