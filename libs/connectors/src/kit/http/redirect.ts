/** Where a request may go, and what the next one looks like after a redirect. */
import { FreshetError } from '@freshet/contracts';
import type { HttpRequest } from './http-client';

export interface Target {
  url: URL;
  /** With its port, also when that is the scheme's own. */
  origin: string;
}

/** Throws `address_not_allowed` for what is no http or https address, or holds a password. */
export const parseTarget = (address: string, from?: URL): Target => {
  const url = URL.canParse(address, from?.href) ? new URL(address, from) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new FreshetError('address_not_allowed', `${address.slice(0, 200)} is not a web address.`, {
      action: 'Use an address that begins with https:// or http://.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new FreshetError(
      'address_not_allowed',
      'The address holds a user name or password, which is not supported.',
      {
        action: 'Use an address that needs no password, such as a signed link.',
      },
    );
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return { url, origin: `${url.protocol}//${url.hostname}:${port}` };
};

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

const bound = ['authorization', 'cookie', 'proxy-authorization'];

/** As browsers do: 303 (and 301 or 302 after POST) turn into GET; credentials don't follow to another origin. */
export const nextRequest = (
  from: Target,
  request: HttpRequest,
  status: number,
  location: string,
): { target: Target; request: HttpRequest } => {
  const target = parseTarget(location, from.url);
  const becomesGet =
    request.method !== 'HEAD' &&
    (status === 303 || (request.method === 'POST' && (status === 301 || status === 302)));
  const headers = Object.entries(request.headers ?? {}).filter(
    ([name]) => target.origin === from.origin || !bound.includes(name.toLowerCase()),
  );
  const { body, ...rest } = request;
  return {
    target,
    request: {
      ...rest,
      headers: Object.fromEntries(headers),
      ...(becomesGet ? { method: 'GET' as const } : body === undefined ? {} : { body }),
    },
  };
};
