/** Stands in for Google's authorization server: sign-in with consent, tokens, revocation, and who somebody is. */
import { startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { defaultAccounts, type GoogleAccount } from './accounts';
import { askConsent, decide, type Client } from './authorize';
import { connectionsPage } from './consent-page';
import { exchange, revokeByToken } from './exchange';
import { googleError, refuseAsGoogle } from './google-error';
import { Grants, type Permit, type TokenPair } from './grants';
import { googleScopes, isOfSignIn } from './scopes';

export interface GoogleIdentityOptions {
  port?: number;
  now?: () => Date;
  accounts?: readonly GoogleAccount[];
  client?: Partial<Client>;
  /** Signs tokens; those of one secret survive a restart. */
  secret?: string;
}

export type TokenCheck =
  { ok: true; account: string } | { ok: false; why: 'unknown token' | 'insufficient scope' };

export interface GoogleIdentity extends StandIn {
  client: Client;
  accounts: readonly GoogleAccount[];
  /** For `OAuth2Client({endpoints})`. */
  endpoints: {
    oauth2AuthBaseUrl: string;
    oauth2TokenUrl: string;
    oauth2RevokeUrl: string;
    userInfoUrl: string;
  };
  /** As if this account had consented in a browser. */
  issue(permit: Permit): TokenPair;
  /** As if the person had taken the access away: all tokens of the account are dead. */
  revoke(account: string): void;
  /** Access tokens given out so far are too old from now on; refresh tokens stay good. */
  expireTokens(): void;
  /** @param scopes any one of these will do */
  checkAccessToken(token: string, scopes: readonly string[]): TokenCheck;
  /** The account behind a request to one of Google's APIs; refuses it in Google's words otherwise. */
  authorize(request: VendorRequest, need: { scopes: readonly string[]; service: string }): GoogleAccount;
  /** How many access tokens were made from refresh tokens. */
  renewals(): number;
}

const bearer = ({ headers, query }: VendorRequest): string =>
  /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? query.get('access_token') ?? '';

export const startGoogleIdentity = async (options: GoogleIdentityOptions = {}): Promise<GoogleIdentity> => {
  const { accounts = defaultAccounts, now = () => new Date(), secret = 'sandbox' } = options;
  const client: Client = {
    id: 'sandbox-client.apps.googleusercontent.com',
    secret: 'GOCSPX-sandbox',
    name: 'Freshet',
    redirectUris: [],
    ...options.client,
  };
  const grants = new Grants(now, secret);

  const checkAccessToken: GoogleIdentity['checkAccessToken'] = (token, scopes) => {
    const permit = grants.read(token);
    if (!permit) return { ok: false, why: 'unknown token' };
    if (!permit.scopes.some((scope) => scopes.includes(scope)))
      return { ok: false, why: 'insufficient scope' };
    return { ok: true, account: permit.account };
  };

  const authorize: GoogleIdentity['authorize'] = (request, { scopes, service }) => {
    const token = bearer(request);
    if (token === '') {
      const sentence =
        'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.';
      return refuseAsGoogle('UNAUTHENTICATED', sentence, { reason: 'CREDENTIALS_MISSING', service });
    }
    const check = checkAccessToken(token, scopes);
    if (!check.ok && check.why === 'insufficient scope') {
      const sentence = 'Request had insufficient authentication scopes.';
      return refuseAsGoogle('PERMISSION_DENIED', sentence, {
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        service,
      });
    }
    const account = check.ok ? accounts.find(({ email }) => email === check.account) : undefined;
    if (account) return account;
    const sentence =
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.';
    return refuseAsGoogle('UNAUTHENTICATED', sentence, { reason: 'ACCESS_TOKEN_EXPIRED', service });
  };

  const userInfo = (request: VendorRequest): VendorAnswer => {
    const { id, email, name } = authorize(request, {
      scopes: Object.values(googleScopes).filter(isOfSignIn),
      service: 'oauth2.googleapis.com',
    });
    const sees = (scope: string): boolean => checkAccessToken(bearer(request), [scope]).ok;
    return {
      status: 200,
      body: {
        sub: id,
        ...(sees(googleScopes.email) && { email, email_verified: true }),
        ...(sees(googleScopes.profile) && { name }),
      },
    };
  };

  const connections = (): VendorAnswer =>
    connectionsPage(
      accounts
        .map((account) => ({ account, scopes: grants.grantedTo(account.email) }))
        .filter(({ scopes }) => scopes.length > 0),
    );

  const answer = (request: VendorRequest): VendorAnswer => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /o/oauth2/v2/auth':
        return askConsent(client, accounts, request);
      case 'POST /o/oauth2/v2/auth':
        return decide(client, accounts, grants, request);
      case 'POST /token':
        return exchange(client, grants, request);
      case 'POST /revoke':
        return revokeByToken(grants, request);
      case 'GET /userinfo':
      case 'POST /userinfo':
        return userInfo(request);
      case 'GET /connections':
        return connections();
      case 'POST /connections':
        grants.revoke(new URLSearchParams(request.body).get('account') ?? '');
        return connections();
      default:
        return googleError('NOT_FOUND', 'Requested entity was not found.');
    }
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: (status) => ({ error: status === 429 ? 'rate_limit_exceeded' : 'internal_failure' }),
    isAside: ({ path }) => path === '/o/oauth2/v2/auth' || path === '/connections',
  });
  return {
    ...standIn,
    client,
    accounts,
    endpoints: {
      oauth2AuthBaseUrl: `${standIn.url}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${standIn.url}/token`,
      oauth2RevokeUrl: `${standIn.url}/revoke`,
      userInfoUrl: `${standIn.url}/userinfo`,
    },
    issue: (permit) => grants.issue(permit),
    revoke: (account) => grants.revoke(account),
    expireTokens: () => grants.expireAccessTokens(),
    checkAccessToken,
    authorize,
    renewals: () => grants.renewals,
  };
};
