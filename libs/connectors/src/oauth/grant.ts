/** What is kept, sealed, of a consent, and how it is renewed and given back. */
import * as oauth from 'openid-client';
import { accessTokens } from '../kit/access-tokens';
import type { AccessTokens } from '../kit/context';
import { grantError } from './grant-error';
import { longLivedGrant } from './meta-tokens';
import { openProvider, type OAuthClients, type OAuthProvider } from './provider';

export interface StoredGrant {
  accessToken: string;
  /** Null where the provider has none (Meta): its long-lived token is exchanged for a newer one. */
  refreshToken: string | null;
  /** Epoch milliseconds. */
  expiresAt: number;
  scopes: string[];
}

/** Throws `source_unauthorized` when the grant was revoked or ran out, `source_unreachable` when the provider can't be asked. */
export const renewGrant = async (
  provider: OAuthProvider,
  grant: StoredGrant,
  clients: OAuthClients,
  now: Date,
): Promise<StoredGrant> => {
  const { configuration, name, token } = openProvider(provider, clients);
  try {
    if (grant.refreshToken === null) return await longLivedGrant(grant, clients[provider], token, now);
    const tokens = await oauth.refreshTokenGrant(configuration, grant.refreshToken);
    return {
      accessToken: tokens.access_token,
      // Google hands out a new one only now and then.
      refreshToken: tokens.refresh_token ?? grant.refreshToken,
      expiresAt: now.getTime() + (tokens.expires_in ?? 3_600) * 1_000,
      scopes: tokens.scope?.split(' ') ?? grant.scopes,
    };
  } catch (error) {
    throw grantError(name, error);
  }
};

/** Tells the provider that we are done; failing to does not matter to the person who disconnects. */
export const revokeGrant = async (
  provider: OAuthProvider,
  grant: StoredGrant,
  clients: OAuthClients,
): Promise<void> => {
  const { configuration, revocation } = openProvider(provider, clients);
  if (!revocation) return;
  await oauth.tokenRevocation(configuration, grant.refreshToken ?? grant.accessToken).catch(() => undefined);
};

/** Where a grant is kept, so that of all processes one renews it. */
export interface GrantVault {
  load(): Promise<StoredGrant>;
  renew(
    isStale: (stored: StoredGrant) => boolean,
    renew: (stored: StoredGrant) => Promise<StoredGrant>,
  ): Promise<StoredGrant>;
}

/** The access tokens of a stored grant, for the kit's calls. */
export const tokensOf = (
  provider: OAuthProvider,
  vault: GrantVault,
  clients: OAuthClients,
  now: () => Date,
): AccessTokens =>
  accessTokens({
    now,
    load: () => vault.load(),
    renew: (refused) =>
      vault.renew(
        (stored) => stored.accessToken === refused,
        (stored) => renewGrant(provider, stored, clients, now()),
      ),
  });
