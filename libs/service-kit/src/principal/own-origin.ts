/** Keeps other web sites from using a person's session (CSRF, and sockets opened from elsewhere). */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from Freshet's own pages, from a person's own doing (an address typed), or from no browser at
 * all. Browsers tell by `Sec-Fetch-Site`, older ones by `Origin`; pages can forge neither.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicUrl?: string): boolean {
  const { origin } = headers;
  if (origin !== undefined) return isOwnHost(origin, headers.host, publicUrl);
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

function isOwnHost(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (
    url.host === host?.toLowerCase() || (publicUrl !== undefined && url.origin === new URL(publicUrl).origin)
  );
}
