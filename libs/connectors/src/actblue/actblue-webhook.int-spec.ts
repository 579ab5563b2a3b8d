import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { FreshetError } from '@freshet/contracts';
import { startActBlue, type ActBlueLineItem } from '@freshet/testing';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import type { Received } from '../kit/connector';
import { actBlueConnector } from './actblue-connector';

const secrets = { webhookUser: 'freshet', webhookPassword: 'correct horse battery' };
const closing: (() => Promise<unknown> | void)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** An endpoint as the gateway has it: each delivery goes to the connector, refusals are answered by their status. */
const startEndpoint = async (credentials: Record<string, string>) => {
  const received: Received[] = [];
  const answer = (headers: Record<string, string>, body: Buffer): number => {
    try {
      const taken = actBlueConnector.receive?.({ config: {}, credentials, headers, body });
      if (taken) received.push(taken);
      return 200;
    } catch (error) {
      if (error instanceof FreshetError) return error.status;
      throw error;
    }
  };
  const server = createServer((request, response) => {
    void buffer(request).then((body) =>
      response.writeHead(answer(request.headers as Record<string, string>, body)).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
};

const open = async () => {
  const clock = new SuiteClock('2026-11-03T12:00:00Z');
  const standIn = await startActBlue({ now: clock.now, scale: 0.05, polls: 0 });
  const http = localHttp();
  closing.push(
    () => standIn.close(),
    () => http.close(),
  );
  const credentials = { clientUuid: standIn.clientUuid, clientSecret: standIn.clientSecret, ...secrets };
  const endpoint = await startEndpoint(credentials);
  const context = contextFor({ settings: { baseUrl: standIn.url } }, { clock, http });
  const readRows = async (stream: string, from: string, to: string): Promise<unknown[]> => {
    const request = { config: {}, credentials, stream, slice: { from, to }, account: null };
    const rows: unknown[] = [];
    for await (const batch of actBlueConnector.read(
      { ...request, checkpoint: null, knownColumns: null },
      context,
    ))
      rows.push(...batch.rows);
    return rows;
  };
  const target = { url: endpoint.url, user: secrets.webhookUser, password: secrets.webhookPassword };
  return { standIn, credentials, received: endpoint.received, target, readRows };
};

const partsOf = (items: readonly ActBlueLineItem[], receiptId: string): ActBlueLineItem[] =>
  items.filter(({ order }) => order.receiptId === receiptId);

const twoCommittees = [
  {
    committee: { name: 'Riverside Sandbox for Senate', entityId: '90210', fecId: 'C00900001' },
    cents: 2_500,
  },
  {
    committee: { name: 'Sandbox "Lakes", Alliance', entityId: '9007199254740993', fecId: 'C00900002' },
    cents: 1_001,
  },
];

it.each([
  ['in summer', '2026-07-04T16:20:30Z', '2026-07-04'],
  ['in the first of two equal hours', '2026-11-01T05:30:00Z', '2026-11-01'],
  ['in the second of two equal hours', '2026-11-01T06:30:00Z', '2026-11-01'],
])('a donation %s is the same row by webhook and by report, to the last digit', async (_when, time, date) => {
  const { standIn, received, target, readRows } = await open();
  const order = standIn.add({
    startedAt: Date.parse(time),
    parts: twoCommittees,
    period: 'monthly',
    refcode2: 'b',
  });
  const items = partsOf(standIn.paidOn(date), order.receiptId);
  expect(items).toHaveLength(2);

  expect(await standIn.postDonation(target, items)).toEqual([200, 200]);
  expect(received.map(({ stream, rows }) => [stream, rows.length])).toEqual([
    ['contributions', 1],
    ['contributions', 1],
  ]);
  const byWebhook = received.flatMap(({ rows }) => rows);
  expect(byWebhook.map(([id]) => id)).toEqual(items.map(({ lineitemId }) => lineitemId));
  expect(BigInt(String(byWebhook[0]?.[0]))).toBeGreaterThan(2n ** 53n);
  const byReport = await readRows('contributions', date, '2026-11-02');
  for (const row of byWebhook) expect(byReport).toContainEqual(row);
});

it('a refund and a cancellation are the same rows by webhook and by report', async () => {
  const { standIn, received, target, readRows } = await open();
  const startedAt = Date.parse('2026-09-10T12:00:00Z');
  const order = standIn.add({ startedAt, period: 'monthly', parts: twoCommittees, reason: 'donor_request' });
  const [item] = partsOf(standIn.paidOn('2026-09-10'), order.receiptId);
  if (!item) throw new Error('The order is not there.');
  const refundedAt = new Date('2026-10-31T23:30:00Z');
  standIn.refund(item, refundedAt);
  standIn.cancel(order.receiptId, new Date('2026-10-20T10:00:00Z'));

  await standIn.postRefund(target, item, refundedAt);
  await standIn.postCancellation(target, order.receiptId, '2026-10-20');
  expect(received.map(({ stream }) => stream)).toEqual([
    'refunds',
    'recurring_cancellations',
    'recurring_cancellations',
  ]);
  const [refund, ...cancellations] = received.flatMap(({ rows }) => rows);
  expect(await readRows('refunds', '2026-10-31', '2026-11-01')).toContainEqual(refund);
  const byReport = await readRows('recurring_cancellations', '2026-10-20', '2026-10-21');
  for (const row of cancellations) expect(byReport).toContainEqual(row);
});

it('takes nothing from who shows another user name or password', async () => {
  const { standIn, received, target } = await open();
  const items = standIn.paidOn('2026-10-20').slice(0, 1);
  const wrong = [
    { ...target, password: 'correct horse batterie' },
    { ...target, user: 'fresher' },
    { ...target, user: '', password: '' },
  ];
  for (const endpoint of wrong) expect(await standIn.postDonation(endpoint, items)).toEqual([401]);
  expect(received).toEqual([]);
});

it('takes nothing while no webhook password is set', async () => {
  const { standIn } = await open();
  const { clientUuid, clientSecret } = standIn;
  const { url, received } = await startEndpoint({ clientUuid, clientSecret });
  const items = standIn.paidOn('2026-10-20').slice(0, 1);
  for (const password of ['', 'undefined'])
    expect(await standIn.postDonation({ url, user: password, password }, items)).toEqual([401]);
  expect(received).toEqual([]);
  const body = Buffer.from('{}');
  expect(() =>
    actBlueConnector.receive?.({ config: {}, credentials: { clientUuid, clientSecret }, headers: {}, body }),
  ).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
});

it.each([
  ['no JSON', 'hello'],
  ['no contribution', '{"donor":{}}'],
  ['no line items', '{"contribution":{},"lineitems":[]}'],
])('refuses what has %s', async (_what, body) => {
  const { credentials } = await open();
  const authorization = `Basic ${Buffer.from(`${secrets.webhookUser}:${secrets.webhookPassword}`).toString('base64')}`;
  const delivery = { config: {}, credentials, headers: { authorization }, body: Buffer.from(body) };
  expect(() => actBlueConnector.receive?.(delivery)).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
});

it('keeps a notice that can be no row as a reject, with the reason', async () => {
  const { credentials } = await open();
  const authorization = `basic ${Buffer.from(`${secrets.webhookUser}:${secrets.webhookPassword}`).toString('base64')}`;
  const notice = {
    contribution: { orderNumber: 'AB1' },
    lineitems: [{ lineitemId: 7, amount: 'much', paidAt: '2026-10-01T10:00:00-04:00' }],
  };
  const body = Buffer.from(JSON.stringify(notice));
  const received = actBlueConnector.receive?.({ config: {}, credentials, headers: { authorization }, body });
  expect(received).toMatchObject({
    rows: [],
    rejects: [{ row: 1, reason: 'The value in amount is no numeric.' }],
  });
});
