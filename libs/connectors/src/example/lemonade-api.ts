/** The client of a made-up vendor, Lemonade, in the place of a vendor's own library. */
import { json } from 'node:stream/consumers';
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import { explainStatus } from '../kit/explain';

export interface Shop {
  name: string;
  timeZone: string;
  currency: string;
}

export interface SalesPage {
  /** Sales of all pages together. */
  count: number;
  sales: { id: string; day: string; product: string; cups: number; amount: string }[];
  /** Token of the next page; null on the last one. */
  next: string | null;
}

export interface CustomersPage {
  customers: { id: string; name: string; tags: string[]; updatedAt: string }[];
  next: string | null;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly headers: Record<string, string>,
    readonly code: string,
  ) {
    super(code);
  }
}

/** One GET in its turn, repeated by the kit. Throws a FreshetError. */
export const ask = <Answer>(
  context: ConnectorContext,
  key: string,
  path: string,
  query: Record<string, string> = {},
): Promise<Answer> =>
  context.call(async ({ signal }) => {
    const base = context.settings.baseUrl ?? 'https://api.lemonade.example';
    const { status, headers, body } = await context.fetch(`${base}${path}?${new URLSearchParams(query)}`, {
      headers: { authorization: `Key ${key}` },
      signal,
    });
    const answer: unknown = await json(body);
    if (status === 200) return answer as Answer;
    throw new Refused(status, headers, String((answer as { error?: unknown }).error));
  });

export const explain = (error: unknown, now: Date): FreshetError | null => {
  if (!(error instanceof Refused)) return null;
  const { status, headers, code } = error;
  if (code === 'page_expired') {
    return new FreshetError('source_page_expired', 'Lemonade forgot where we were in its list.', {
      action: 'Nothing to do: these days are read again.',
      cause: error,
    });
  }
  return explainStatus({ vendor: 'Lemonade', status, headers, message: code, cause: error }, now);
};
