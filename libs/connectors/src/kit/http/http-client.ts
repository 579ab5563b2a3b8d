/** The only way by which a connector reaches an address that a person typed: checked, bounded, timed. */
import type { Readable } from 'node:stream';
import { defaults, FreshetError } from '@freshet/contracts';
import { Agent, type Dispatcher } from 'undici';
import { addressRules, publicOnly, type AddressRules } from './address-rules';
import { allowedAddress, checkedConnect, resolveBySystem, type Resolve } from './checked-connect';
import { connectionError } from './connection-errors';
import { isRedirect, nextRequest, parseTarget, type Target } from './redirect';
import { acceptedEncodings, responseBody } from './response-body';

export interface HttpRequest {
  method?: 'GET' | 'HEAD' | 'POST';
  /** Lower-case names. */
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

export interface HttpResponse {
  /** Where the answer came from, after redirects. */
  url: string;
  status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  headers: Record<string, string>;
  /** The body with its content-encoding undone; errors when it did not arrive whole. Must be read to its end or destroyed. */
  body: Readable;
}

/**
 * Follows at most 5 redirects. Gives any final status, 304 and errors included. Throws `address_not_allowed`,
 * `source_unreachable` (no connection, hang, cut off), `source_unreadable` (bad encoding, too large), `cancelled`.
 */
export type HttpFetch = (url: string, request?: HttpRequest) => Promise<HttpResponse>;

export interface HttpClientOptions {
  /** Host names, addresses or CIDR ranges that may be reached although they are not public (`FRESHET_ALLOW_HOSTS`). */
  allowHosts?: readonly string[];
  /** Milliseconds: to connect (10 s); to the first header (1 min); without a single byte (30 s); for everything (1 h). */
  timeouts?: { connect?: number; headers?: number; idle?: number; total?: number };
  /** Most bytes of one body, after decompression; 2 GB by default. */
  maxBodyBytes?: number;
  /** Replaces the system's name lookup. */
  resolve?: Resolve;
}

export interface HttpClient {
  fetch: HttpFetch;
  maxBodyBytes: number;
  /** An allowed IP address of a host, to be connected to by what is no HTTP. Throws `address_not_allowed`, `source_unreachable`. */
  addressOf(hostname: string): Promise<string>;
  /** Closes all connections; the process may then end. */
  close(): Promise<void>;
}

const maxRedirects = 5;
const gigabyte = 1024 ** 3;

const joined = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );

export const createHttpClient = (options: HttpClientOptions = {}): HttpClient => {
  const timeouts = {
    connect: 10_000,
    headers: defaults.sync.requestTimeout,
    idle: 30_000,
    total: 3_600_000,
    ...options.timeouts,
  };
  const { maxBodyBytes = 2 * gigabyte, resolve = resolveBySystem } = options;
  /** Whether the latest connection to an origin went to the public internet. */
  const publicOrigins = new Map<string, boolean>();
  const agentFor = (rules: AddressRules): Agent =>
    new Agent({
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.idle,
      connect: checkedConnect({
        rules,
        resolve,
        timeout: timeouts.connect,
        onConnected: (origin, isPublic) => publicOrigins.set(origin, isPublic),
      }),
    });
  const agents = { open: agentFor(addressRules(options.allowHosts ?? [])), publicOnly: agentFor(publicOnly) };

  const send = async (
    agent: Agent,
    target: Target,
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> => {
    try {
      return await agent.request({
        origin: target.url.origin,
        path: target.url.pathname + target.url.search,
        method: request.method ?? 'GET',
        headers: { 'accept-encoding': acceptedEncodings, 'user-agent': 'freshet', ...request.headers },
        body: request.body ?? null,
        signal,
      });
    } catch (error) {
      throw connectionError(error, target.url.host, request.signal);
    }
  };

  const fetch: HttpFetch = async (url, first = {}) => {
    const deadline = AbortSignal.timeout(timeouts.total);
    const signal = first.signal ? AbortSignal.any([first.signal, deadline]) : deadline;
    let target = parseTarget(url);
    let request = first;
    let agent = agents.open;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const answer = await send(agent, target, request, signal);
      const headers = joined(answer.headers);
      const { host, href } = target.url;
      if (!isRedirect(answer.statusCode) || headers.location === undefined) {
        const encoding =
          first.method === 'HEAD' || answer.statusCode === 304 ? '' : (headers['content-encoding'] ?? '');
        const body = responseBody(answer.body, {
          encoding,
          host,
          maxBytes: maxBodyBytes,
          signal: first.signal,
        });
        return { url: href, status: answer.statusCode, headers, body };
      }
      await answer.body.dump();
      // A public server must not send us to a private one, not even to one that the operator opened to people.
      if (publicOrigins.get(target.origin) !== false) agent = agents.publicOnly;
      ({ target, request } = nextRequest(target, request, answer.statusCode, headers.location));
    }
    throw new FreshetError(
      'source_refused',
      `${target.url.host} redirects more than ${maxRedirects} times.`,
      {
        action: 'Use the address at which the redirects end.',
      },
    );
  };

  return {
    fetch,
    maxBodyBytes,
    async addressOf(hostname) {
      try {
        return await allowedAddress(hostname, addressRules(options.allowHosts ?? []), resolve);
      } catch (error) {
        throw connectionError(error, hostname);
      }
    },
    async close() {
      await Promise.all([agents.open.destroy(), agents.publicOnly.destroy()]);
    },
  };
};
