/** A person's way to a provider and back: authorization code with PKCE and state (RFC 6749, 7636). */
import { FreshetError } from '@freshet/contracts';
import * as oauth from 'openid-client';
import type { StoredGrant } from './grant';
import { longLivedGrant } from './meta-tokens';
import { grantError } from './grant-error';
import { openProvider, type OAuthClients, type OAuthProvider } from './provider';

export interface ConsentRequest {
  provider: OAuthProvider;
  scopes: readonly string[];
  redirectUri: string;
}

export interface ConsentStart {
  /** Where to send the browser. */
  url: string;
  /** To be kept by us alone until the browser is back. */
  verifier: string;
  state: string;
}

export const startConsent = async (request: ConsentRequest, clients: OAuthClients): Promise<ConsentStart> => {
  const provider = openProvider(request.provider, clients);
  const [verifier, state] = [oauth.randomPKCECodeVerifier(), oauth.randomState()];
  const url = oauth.buildAuthorizationUrl(provider.configuration, {
    redirect_uri: request.redirectUri,
    scope: [...provider.scopes, ...request.scopes].join(' '),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...provider.ask,
  });
  return { url: url.href, verifier, state };
};

export interface ConsentEnd extends ConsentRequest {
  /** The address to which the provider sent the browser, with its query. */
  currentUrl: URL;
  verifier: string;
  state: string;
}

export interface GivenConsent {
  grant: StoredGrant;
  /** Whose consent it is: an e-mail address or a name; null when the provider doesn't say. */
  account: string | null;
}

/** Throws `source_unauthorized` when the provider does not take the code, or not all scopes were granted. */
export const endConsent = async (
  end: ConsentEnd,
  clients: OAuthClients,
  now: Date,
): Promise<GivenConsent> => {
  const provider = openProvider(end.provider, clients);
  try {
    const tokens = await oauth.authorizationCodeGrant(provider.configuration, end.currentUrl, {
      pkceCodeVerifier: end.verifier,
      expectedState: end.state,
    });
    const scopes = tokens.scope?.split(/[ ,]+/) ?? [...end.scopes];
    refuseMissingScopes(provider.name, end.scopes, scopes);
    const grant: StoredGrant = {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? null,
      expiresAt: now.getTime() + (tokens.expires_in ?? 3_600) * 1_000,
      scopes,
    };
    const lasting =
      end.provider === 'meta' ? await longLivedGrant(grant, clients.meta, provider.token, now) : grant;
    return {
      grant: lasting,
      account: await accountOf(provider.userinfo, provider.configuration, lasting.accessToken),
    };
  } catch (error) {
    throw grantError(provider.name, error);
  }
};

const refuseMissingScopes = (name: string, wanted: readonly string[], granted: readonly string[]): void => {
  const missing = wanted.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return;
  throw new FreshetError(
    'source_unauthorized',
    `${name} was not allowed to show us all that this source needs.`,
    {
      action: `Connect again and leave every box ticked (missing: ${missing.map(lastPart).join(', ')}).`,
      extra: { missing },
    },
  );
};

const lastPart = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);

/** A name to show; a provider that does not tell it costs nothing else. */
const accountOf = async (
  userinfo: string,
  configuration: oauth.Configuration,
  accessToken: string,
): Promise<string | null> => {
  try {
    const response = await oauth.fetchProtectedResource(configuration, accessToken, new URL(userinfo), 'GET');
    const { email, name } = (await response.json()) as { email?: unknown; name?: unknown };
    return [email, name].find((each) => typeof each === 'string') ?? null;
  } catch {
    return null;
  }
};
