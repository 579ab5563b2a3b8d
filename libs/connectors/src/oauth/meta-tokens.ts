/** Meta has no refresh tokens: a token of an hour, or an old one, is exchanged for one of about sixty days. */
import { z } from 'zod';
import type { StoredGrant } from './grant';
import type { OAuthClient } from './provider';

const exchanged = z.object({ access_token: z.string(), expires_in: z.number().optional() });
const refused = z.object({ error: z.object({ code: z.number(), message: z.string() }) });

const sixtyDays = 60 * 86_400;

/** What Meta answered instead of a token. */
export class MetaRefusal extends Error {
  constructor(
    readonly status: number,
    /** 190: the token is dead. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Source: developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived. */
export const longLivedGrant = async (
  grant: StoredGrant,
  client: OAuthClient,
  tokenUrl: string,
  now: Date,
): Promise<StoredGrant> => {
  const url = new URL(tokenUrl);
  const query = {
    grant_type: 'fb_exchange_token',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    fb_exchange_token: grant.accessToken,
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const body: unknown = await response.json();
  if (!response.ok) {
    const { error } = refused.catch({ error: { code: 0, message: 'no reason given' } }).parse(body);
    throw new MetaRefusal(response.status, error.code, error.message);
  }
  const { access_token: accessToken, expires_in: seconds = sixtyDays } = exchanged.parse(body);
  return { ...grant, accessToken, expiresAt: now.getTime() + seconds * 1_000 };
};
