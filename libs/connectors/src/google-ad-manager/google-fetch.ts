/** How the client library reaches Ad Manager: with the access token and the patience of the attempt under way, and with refusals kept whole. */

/** An answer that is no success, with what the library itself would throw away: status, headers, and details of google.rpc.Status. */
export class AdManagerRefusal extends Error {
  readonly reason: string | null;
  /** Milliseconds to wait, from google.rpc.RetryInfo. */
  readonly retryDelay: number | null;
  /** Lower-case names. */
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    headers: Headers,
    body: unknown,
  ) {
    const { message, details } = statusOf(body);
    super(message);
    this.name = 'AdManagerRefusal';
    this.headers = Object.fromEntries(headers);
    this.reason = textOf(detailOf(details, 'google.rpc.ErrorInfo')?.['reason']);
    const delay = /^(\d+(?:\.\d+)?)s$/.exec(
      textOf(detailOf(details, 'google.rpc.RetryInfo')?.['retryDelay']) ?? '',
    );
    this.retryDelay = delay ? Math.ceil(Number(delay[1]) * 1_000) : null;
  }
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const statusOf = (body: unknown): { message: string; details: unknown[] } => {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const { message, details } = error;
  return { message: textOf(message) ?? '', details: Array.isArray(details) ? details : [] };
};

const detailOf = (details: readonly unknown[], type: string): Json | undefined =>
  details.filter(isObject).find((detail) => detail['@type'] === `type.googleapis.com/${type}`);

/** The attempt that calls belong to; a library's client outlives many. */
export interface CurrentAttempt {
  accessToken: string;
  signal: AbortSignal;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

/** Where the library expects an auth client, of which it uses these three. */
export const googleAuth = (current: () => CurrentAttempt) => ({
  universeDomain: 'googleapis.com',
  getRequestHeaders: (): Promise<Headers> =>
    Promise.resolve(new Headers({ authorization: `Bearer ${current().accessToken}` })),
  fetch: async (url: string, request: RequestInit): Promise<Response> => {
    const { accessToken, signal } = current();
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${accessToken}`);
    const signals = request.signal ? [signal, request.signal] : [signal];
    const response = await fetch(url, {
      method: request.method ?? 'GET',
      headers,
      body: request.body ?? null,
      signal: AbortSignal.any(signals),
      redirect: 'error',
    });
    if (response.ok) return response;
    throw new AdManagerRefusal(response.status, response.headers, parsed(await response.text()));
  },
});
