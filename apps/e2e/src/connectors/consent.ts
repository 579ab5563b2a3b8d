/** Goes through a provider's consent as a browser would, without one. */
import { waitFor } from '@freshet/testing';
import type { Session } from './trial';

/** @returns the id of the connection. @param decide posts the person's decision and gives the address they are sent back to */
export const consent = async (
  { url, cookie }: Session,
  ask: { provider: 'google' | 'meta'; type: string },
  decide: (consentPage: URL) => Promise<string>,
): Promise<string> => {
  const query = new URLSearchParams({ type: ask.type, returnTo: '/p/1/sources' });
  const go = async (address: string): Promise<URL> => {
    const answer = await fetch(address, { headers: { cookie }, redirect: 'manual' });
    const location = answer.headers.get('location');
    if (answer.status !== 302 || !location)
      throw new Error(`${new URL(address).pathname} answered ${answer.status}: ${await answer.text()}`);
    return new URL(location, url);
  };
  const page = await waitFor(() => go(`${url}/api/oauth/${ask.provider}/start?${query.toString()}`), {
    what: 'consent to begin',
  });
  const back = await go(await decide(page));
  const connectionId = back.searchParams.get('connection');
  if (connectionId) return connectionId;
  throw new Error(`No connection was made: ${back.search}`);
};
