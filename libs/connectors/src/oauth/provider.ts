/** The two who are asked for consent: where they are, and what is particular about each. */
import * as oauth from 'openid-client';
import { FreshetError } from '@freshet/contracts';

export type OAuthProvider = 'google' | 'meta';

/** What an installation registered with a provider. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
  /** Another address of the provider (`FRESHET_<PROVIDER>_OAUTH_URL`), without a slash at the end; null: its own. */
  baseUrl: string | null;
}

export type OAuthClients = Readonly<Record<OAuthProvider, OAuthClient>>;

interface Endpoints {
  name: string;
  authorization: string;
  token: string;
  revocation: string | null;
  userinfo: string;
  /** Beside the scopes of the connector: to know whose consent it is. */
  scopes: readonly string[];
  /** Added to the address to which the browser is sent. */
  ask: Readonly<Record<string, string>>;
}

/** Google: developers.google.com/identity/protocols/oauth2/web-server. Meta: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow. */
const endpointsOf = (provider: OAuthProvider, baseUrl: string | null): Endpoints =>
  provider === 'google'
    ? {
        name: 'Google',
        authorization: `${baseUrl ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
        token: `${baseUrl ?? 'https://oauth2.googleapis.com'}/token`,
        revocation: `${baseUrl ?? 'https://oauth2.googleapis.com'}/revoke`,
        userinfo: baseUrl ? `${baseUrl}/userinfo` : 'https://openidconnect.googleapis.com/v1/userinfo',
        scopes: ['openid', 'email'],
        // Without both, a second consent brings no refresh token.
        ask: { access_type: 'offline', prompt: 'consent' },
      }
    : {
        name: 'Meta',
        authorization: `${baseUrl ?? 'https://www.facebook.com'}/v24.0/dialog/oauth`,
        token: `${baseUrl ?? 'https://graph.facebook.com'}/v24.0/oauth/access_token`,
        revocation: null,
        userinfo: `${baseUrl ?? 'https://graph.facebook.com'}/v24.0/me?fields=name`,
        scopes: [],
        ask: {},
      };

export interface Provider extends Endpoints {
  configuration: oauth.Configuration;
}

/** Throws `conflict` when the installation is not registered with the provider. */
export const openProvider = (provider: OAuthProvider, clients: OAuthClients): Provider => {
  const client = clients[provider];
  const endpoints = endpointsOf(provider, client.baseUrl);
  if (!client.clientId || !client.clientSecret) {
    const prefix = `FRESHET_${provider.toUpperCase()}_CLIENT`;
    throw new FreshetError('conflict', `This installation is not registered with ${endpoints.name} yet.`, {
      action: `Ask the operator to set ${prefix}_ID and ${prefix}_SECRET.`,
    });
  }
  const configuration = new oauth.Configuration(
    {
      issuer:
        client.baseUrl ??
        (provider === 'google' ? 'https://accounts.google.com' : 'https://www.facebook.com'),
      authorization_endpoint: endpoints.authorization,
      token_endpoint: endpoints.token,
      ...(endpoints.revocation && { revocation_endpoint: endpoints.revocation }),
    },
    client.clientId,
    undefined,
    oauth.ClientSecretPost(client.clientSecret),
  );
  configuration.timeout = 20;
  // Only an address that the operator set can be without TLS: the providers' own are not.
  if (client.baseUrl?.startsWith('http://')) oauth.allowInsecureRequests(configuration);
  return { ...endpoints, configuration };
};

export const isRegistered = (provider: OAuthProvider, clients: OAuthClients): boolean =>
  clients[provider].clientId !== '' && clients[provider].clientSecret !== '';
