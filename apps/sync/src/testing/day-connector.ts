/** The connector for the made-up vendor of these specs. */
import { json } from 'node:stream/consumers';
import {
  byDays,
  defineApiConnector,
  streamDefaults,
  type ApiStream,
  type ConnectorContext,
  type OAuthNeed,
} from '@freshet/connectors';
import { FreshetError, type ProblemCode } from '@freshet/contracts';
import { z } from 'zod';
import type { Change, Sale } from './day-vendor';

const config = z.object({ url: z.string(), streams: z.array(z.string()).default(['sales']) });
type Config = z.infer<typeof config>;

interface PageBody<Row> {
  count: number;
  rows: Row[];
  next: number | null;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly retryAfter: string | null,
  ) {
    super(code);
  }
}

const ask = <T>(url: string, context: ConnectorContext): Promise<T> =>
  context.call(async ({ signal, accessToken }) => {
    const headers: Record<string, string> = accessToken ? { authorization: `Bearer ${accessToken}` } : {};
    const response = await context.fetch(url, { signal, headers });
    const body = await json(response.body);
    if (response.status === 200) return body as T;
    throw new Refused(
      response.status,
      (body as { code: string }).code,
      response.headers['retry-after'] ?? null,
    );
  });

const codes: Partial<Record<string, ProblemCode>> = {
  page_expired: 'source_page_expired',
  too_large: 'source_slice_too_large',
};

const explain = (error: unknown, now: Date): FreshetError | null => {
  if (!(error instanceof Refused)) return null;
  const { status, code, retryAfter } = error;
  const known = codes[code];
  if (known) return new FreshetError(known, `The vendor says ${code}.`);
  if (status === 429) {
    const until = new Date(now.getTime() + Number(retryAfter) * 1_000);
    return new FreshetError('source_quota', 'The vendor has no quota left.', { until });
  }
  if (status === 401)
    return new FreshetError('source_unauthorized', 'The vendor does not take the key.', {
      extra: { status },
      action: 'Give another key.',
    });
  return new FreshetError('source_refused', `The vendor says ${code}.`);
};

const pagesOf = async function* <Row>(
  url: string,
  query: Record<string, string>,
  context: ConnectorContext,
): AsyncGenerator<PageBody<Row>> {
  let seen = 0;
  for (let page: number | null = 0; page !== null;) {
    const asked = `${url}?${new URLSearchParams({ ...query, page: String(page) })}`;
    const body: PageBody<Row> = await ask<PageBody<Row>>(asked, context);
    seen += body.rows.length;
    if (body.next === null && seen !== body.count)
      throw new FreshetError('source_changed', 'The vendor counted otherwise.');
    yield body;
    page = body.next;
  }
};

type Made<Row> = ApiStream<Config, null, PageBody<Row>>;

const sales: Made<Sale> = {
  ...streamDefaults,
  ...byDays({ days: 1, mostDays: 8 }),
  name: 'sales',
  description: 'Sales by days.',
  key: ['id'],
  cursor: 'day',
  lookbackDays: 2,
  provisionalDays: 3,
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'day', type: 'date' },
    { name: 'amount', type: 'numeric' },
  ],
  async *pages({ config: { url }, slice: { from = '', to = '' } }, context) {
    for await (const body of pagesOf<Sale>(`${url}/sales`, { from, to }, context)) yield { body };
  },
  rows: ({ rows }) => rows.map(({ id, day, amount }) => ({ id, day, amount })),
  warnings: ({ rows }) => (rows.some(({ amount }) => amount === '0') ? ['Some sales were free.'] : []),
};

const moments: Made<Sale> = {
  ...sales,
  name: 'moments',
  description: 'Sales by the moment, cut by days of the account.',
  cursor: 'at',
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'at', type: 'timestamp' },
  ],
  rows: ({ rows }) => rows.map(({ id, at }) => ({ id, at })),
};

const changes: Made<Change> = {
  ...streamDefaults,
  name: 'changes',
  description: 'What changed.',
  key: ['id'],
  cursor: 'at',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'at', type: 'bigint' },
  ],
  async *pages({ config: { url }, checkpoint }, context) {
    const since = String(checkpoint?.['at'] ?? 0);
    for await (const body of pagesOf<Change>(`${url}/changes`, { since }, context))
      yield { body, checkpoint: { at: body.rows.at(-1)?.at ?? Number(since) } };
  },
  rows: ({ rows }) => rows.map((row) => ({ ...row })),
};

const list: Made<{ name: string }> = {
  ...streamDefaults,
  mode: 'replace-all',
  name: 'list',
  description: 'A list.',
  key: ['name'],
  columns: [{ name: 'name', type: 'text' }],
  async *pages({ config: { url } }, context) {
    for await (const body of pagesOf<{ name: string }>(`${url}/list`, {}, context)) yield { body };
  },
  rows: ({ rows }) => rows.map((row) => ({ ...row })),
};

const all = [sales, moments, changes, list] as const;

/** @param more what differs from a connector by key; streams are those that the config names */
export const dayConnector = (oauth?: OAuthNeed) => {
  const connector = defineApiConnector<Config, null>({
    type: 'days',
    name: 'Days',
    description: 'A vendor for specs.',
    auth: oauth ? 'oauth2' : 'none',
    ...(oauth && { oauth }),
    config,
    credentials: z.null(),
    docsUrl: null,
    provisionalDays: 3,
    streams: all,
    explain,
    account: ({ url }, _, context) => ask(`${url}/account`, context),
    check: () => Promise.resolve({ ok: true, checks: [] }),
  });
  const streams: typeof connector.streams = (given) =>
    connector.streams(given).filter(({ name }) => config.parse(given).streams.includes(name));
  return { ...connector, streams };
};
