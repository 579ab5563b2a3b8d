/** Stands in for ActBlue: report jobs of the CSV API, their downloads, and the webhooks it sends. */
import { randomUUID } from 'node:crypto';
import { Refusal, startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { ownCommittees, partnerCommittees } from './donors';
import { csvOf, csvTypes, type CsvType, type ReportRequest } from './reports';
import { truthOf, type ActBlueStream, type TruthRow, type Worlds } from './truth';
import { cancellationNotices, donationNotice, post, refundNotice, type Endpoint } from './webhooks';
import type { Order } from './orders';
import { DonationWorld, type LineItem } from './world';

export interface ActBlueOptions {
  seed?: string | number;
  now?: () => Date;
  port?: number;
  clientUuid?: string;
  clientSecret?: string;
  /** 1 gives about 40 orders a day. */
  scale?: number;
  /** How often a job says that it is in progress. */
  polls?: number;
  /** Jobs that may be asked for in a minute. */
  jobsPerMinute?: number;
}

export interface ActBlue extends StandIn {
  clientUuid: string;
  clientSecret: string;
  /** As a complete sync of these Eastern dates ends now; `to` is not among them. */
  truth(stream: ActBlueStream, days: { from: string; to: string }): TruthRow[];
  /** Line items paid on an Eastern date, so far or later. */
  paidOn(date: string): LineItem[];
  /** An order beside the rolled ones. */
  add(order: Partial<Order> & { startedAt: number }): Order;
  refund(item: LineItem, at: Date): void;
  cancel(receiptId: string, at: Date): void;
  /** Nobody gave anything, ever. */
  empty(): void;
  /** The client secret is not accepted any more, until `restore`. */
  revoke(): void;
  restore(): void;
  /** Addresses of downloads given so far are too old. */
  expireDownloads(): void;
  /** The next jobs end in failure. */
  failNextJobs(count: number): void;
  /** One POST a line item; the statuses answered. */
  postDonation(endpoint: Endpoint, items: readonly LineItem[]): Promise<number[]>;
  postRefund(endpoint: Endpoint, item: LineItem, refundedAt: Date): Promise<number[]>;
  postCancellation(endpoint: Endpoint, receiptId: string, on: string): Promise<number[]>;
}

interface Job extends ReportRequest {
  id: string;
  polls: number;
  fails: boolean;
}

const lifetime = 600_000;
const minute = 60_000;
const hour = 60 * minute;

const refuse = (status: number, message: string, headers: Record<string, string> = {}): never => {
  throw new Refusal({ status, body: { error: message }, headers });
};

const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  new Date(`${text}T00:00:00Z`).getTime() > 0 &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

const sixMonthsAfter = (date: string): string => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month + 5, day)).toISOString().slice(0, 10);
};

const fieldsOf = (body: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    return refuse(400, 'The request body is not valid JSON.');
  }
  return refuse(400, 'The request body has to be an object.');
};

const reportOf = (body: string): Omit<ReportRequest, 'asOf'> => {
  const { csv_type, date_range_start, date_range_end, ...unknown } = fieldsOf(body);
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) refuse(400, `Unpermitted parameter: ${surplus}`);
  if (!csvTypes.includes(csv_type as CsvType)) refuse(400, 'csv_type is not valid.');
  const [from, to] = [date_range_start, date_range_end];
  if (typeof from !== 'string' || !isDate(from)) return refuse(400, 'date_range_start is not a valid date.');
  if (typeof to !== 'string' || !isDate(to)) return refuse(400, 'date_range_end is not a valid date.');
  if (to <= from) refuse(400, 'date_range_end must be after date_range_start.');
  if (to > sixMonthsAfter(from)) refuse(400, 'The date range must not be longer than 6 months.');
  return { type: csv_type as CsvType, from, to };
};

export const startActBlue = async (options: ActBlueOptions = {}): Promise<ActBlue> => {
  const {
    seed = 'sandbox',
    now = () => new Date(),
    port = 0,
    scale = 1,
    polls = 2,
    jobsPerMinute = 60,
  } = options;
  const clientUuid = options.clientUuid ?? '5b0a7d3e-0000-4000-8000-5a4db0c0ffee';
  const clientSecret = options.clientSecret ?? 'sandbox-secret';
  const worlds: Worlds = {
    own: new DonationWorld({ seed, scale, committees: ownCommittees }),
    managed: new DonationWorld({ seed: `${seed} managed`, scale: scale / 4, committees: partnerCommittees }),
  };
  const jobs = new Map<string, Job>();
  let asked: number[] = [];
  let isRevoked = false;
  let toFail = 0;
  let epoch = 0;

  /** Reports hold what was counted at the last full hour. */
  const counted = (): number => Math.floor(now().getTime() / hour) * hour;

  const signIn = ({ headers }: VendorRequest): void => {
    const expected = `Basic ${Buffer.from(`${clientUuid}:${clientSecret}`).toString('base64')}`;
    if (isRevoked || headers.authorization !== expected) refuse(401, 'HTTP Basic: Access denied.');
  };

  const create = (request: VendorRequest): VendorAnswer => {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
      refuse(415, 'The content type has to be application/json.');
    const at = now().getTime();
    asked = asked.filter((time) => at - time < minute);
    if (asked.length >= jobsPerMinute) refuse(429, 'Rate limit exceeded.', { 'retry-after': '15' });
    const report = reportOf(request.body);
    asked.push(at);
    const job: Job = { ...report, id: randomUUID(), asOf: counted(), polls, fails: toFail > 0 };
    toFail = Math.max(0, toFail - 1);
    jobs.set(job.id, job);
    return { status: 202, body: { id: job.id } };
  };

  const status = (id: string): VendorAnswer => {
    const job = jobs.get(id);
    if (!job) return refuse(404, 'CSV request not found.');
    if (job.polls > 0) {
      job.polls -= 1;
      return { status: 200, body: { id, status: 'in_progress', download_url: null } };
    }
    if (job.fails) return { status: 200, body: { id, status: 'failed', download_url: null } };
    const signed = `expires=${now().getTime() + lifetime}&signature=${epoch}`;
    return {
      status: 200,
      body: { id, status: 'complete', download_url: `${standIn.url}/downloads/${id}.csv?${signed}` },
    };
  };

  /** As a bucket answers that takes signed addresses and nothing beside them. */
  const download = (request: VendorRequest, id: string): VendorAnswer => {
    const xml = { 'content-type': 'application/xml' };
    const error = (code: string, text: string): string =>
      `<Error><Code>${code}</Code><Message>${text}</Message></Error>`;
    if (request.headers.authorization !== undefined)
      return { status: 400, body: error('InvalidArgument', 'Only one auth mechanism allowed'), headers: xml };
    const isOld = Number(request.query.get('expires')) < now().getTime();
    if (isOld || request.query.get('signature') !== String(epoch))
      return { status: 403, body: error('AccessDenied', 'Request has expired'), headers: xml };
    const job = jobs.get(id);
    if (!job)
      return { status: 404, body: error('NoSuchKey', 'The specified key does not exist.'), headers: xml };
    const world = job.type === 'managed_form_contributions' ? worlds.managed : worlds.own;
    return { status: 200, body: csvOf(world, job), headers: { 'content-type': 'text/csv; charset=utf-8' } };
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const { method, path } = request;
    const file = /^\/downloads\/([^/]+)\.csv$/.exec(path)?.[1];
    if (file !== undefined && method === 'GET') return download(request, file);
    signIn(request);
    if (path === '/api/v1/csvs' && method === 'POST') return create(request);
    const id = /^\/api\/v1\/csvs\/([^/]+)$/.exec(path)?.[1];
    if (id !== undefined && method === 'GET') return status(id);
    return refuse(404, 'Not found.');
  };

  const standIn = await startStandIn(answer, {
    port,
    now,
    errorBody: (code) => ({ error: `Request failed with ${code}.` }),
  });

  return {
    ...standIn,
    clientUuid,
    clientSecret,
    truth: (stream, days) => truthOf(worlds, stream, days, counted()),
    paidOn: (date) => worlds.own.paidOn(date),
    add: (order) => worlds.own.add(order),
    refund: (item, at) => worlds.own.refund(item, at.getTime()),
    cancel: (receiptId, at) => worlds.own.cancel(receiptId, at.getTime()),
    empty: () => [worlds.own, worlds.managed].forEach((world) => world.empty()),
    revoke: () => void (isRevoked = true),
    restore: () => void (isRevoked = false),
    expireDownloads: () => void (epoch += 1),
    failNextJobs: (count) => void (toFail = count),
    postDonation: (endpoint, items) => post(endpoint, items.map(donationNotice)),
    postRefund: (endpoint, item, at) => post(endpoint, [refundNotice(item, at.getTime())]),
    async postCancellation(endpoint, receiptId, on) {
      const found = worlds.own.cancelledOn(on).find(({ order }) => order.receiptId === receiptId);
      if (!found) return [];
      const items = found.order.parts.map(({ committee, cents }, part): LineItem => ({
        lineitemId: String(found.order.number + BigInt(10 + part)),
        order: found.order,
        committee,
        cents,
        paidAt: found.order.startedAt,
        recurrence: 1,
        refundedAt: null,
      }));
      return post(endpoint, cancellationNotices(found, items));
    },
  };
};
