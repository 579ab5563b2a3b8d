/** One account's consent to Google as a connector under test holds it: renewed at the token endpoint, taken away, given again. */
import { FreshetError } from '@freshet/contracts';
import type { GoogleIdentity } from './google-identity';

interface Stored {
  accessToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface GoogleGrant {
  /** What is stored of it, and how another access token is got: throws `source_unauthorized` once the consent was taken away. */
  vault: { now: () => Date; load(): Promise<Stored>; renew(): Promise<Stored> };
  /** Access tokens are too old from now on. */
  expire(): void;
  /** The person takes the access away, or gives it again. */
  revoke(): void;
  restore(): void;
  /** How often an access token was renewed. */
  renewals(): number;
}

const hour = 3_600_000;

/** As if this account had consented to these scopes a moment ago. */
export const googleGrant = (
  identity: GoogleIdentity,
  { account, scopes, now }: { account: string; scopes: string[]; now: () => Date },
): GoogleGrant => {
  const stored = (accessToken: string): Stored => ({ accessToken, expiresAt: now().getTime() + hour });
  let given = identity.issue({ account, scopes });
  let held = stored(given.accessToken);
  const renew = async (): Promise<Stored> => {
    const response = await fetch(identity.endpoints.oauth2TokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: given.refreshToken,
        client_id: identity.client.id,
        client_secret: identity.client.secret,
      }),
    });
    const body = (await response.json()) as { access_token?: string; error?: string };
    if (body.error === 'invalid_grant')
      throw new FreshetError('source_unauthorized', 'Google took the access away.', {
        action: 'Reconnect the source.',
      });
    if (body.access_token === undefined) throw new Error(`Google answered ${response.status}.`);
    held = stored(body.access_token);
    return held;
  };
  return {
    vault: { now, load: () => Promise.resolve(held), renew },
    expire: () => identity.expireTokens(),
    revoke: () => identity.revoke(account),
    restore: () => {
      given = identity.issue({ account, scopes });
      held = stored(given.accessToken);
    },
    renewals: () => identity.renewals(),
  };
};
