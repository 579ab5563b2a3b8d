/** The authorization endpoint: checks what an application asks for, asks the person, and sends them back with a code. */
import type { VendorAnswer, VendorRequest } from '../stand-in';
import type { GoogleAccount } from './accounts';
import { consentPage, errorPage } from './consent-page';
import type { Grants } from './grants';
import { isOfSignIn, parseScopes } from './scopes';

export interface Client {
  id: string;
  secret: string;
  /** As the consent page calls it. */
  name: string;
  /** Registered besides those on loopback. */
  redirectUris: readonly string[];
}

const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/api\/oauth\/google\/callback$/;

const isRegistered = (client: Client, uri: string): boolean =>
  loopback.test(uri) || client.redirectUris.includes(uri);

const required = ['client_id', 'redirect_uri', 'response_type', 'scope'] as const;

/** What Google shows instead of a consent page; null when the request is sound. */
const fault = (client: Client, parameters: URLSearchParams): VendorAnswer | null => {
  const given = (name: string): string => parameters.get(name) ?? '';
  const missing = required.find((name) => given(name) === '');
  if (missing) return errorPage(400, 'invalid_request', `Required parameter is missing: ${missing}`);
  const twice = [...new Set(parameters.keys())].find((name) => parameters.getAll(name).length > 1);
  if (twice)
    return errorPage(400, 'invalid_request', `OAuth 2 parameters can only have a single value: ${twice}`);
  if (given('client_id') !== client.id)
    return errorPage(401, 'invalid_client', 'The OAuth client was not found.');
  if (!isRegistered(client, given('redirect_uri'))) {
    const sentence = `You can’t sign in because ${client.name} sent an invalid request: ${given('redirect_uri')} is not registered.`;
    return errorPage(400, 'redirect_uri_mismatch', sentence);
  }
  if (given('response_type') !== 'code')
    return errorPage(400, 'unsupported_response_type', `Invalid response_type: ${given('response_type')}`);
  const { unknown } = parseScopes(given('scope'));
  if (unknown.length > 0)
    return errorPage(400, 'invalid_scope', `Some requested scopes were invalid: ${unknown.join(', ')}`);
  const access = given('access_type');
  if (!['', 'online', 'offline'].includes(access))
    return errorPage(400, 'invalid_request', `Invalid parameter value for access_type: ${access}`);
  if (
    given('prompt')
      .split(' ')
      .some((word) => !['', 'none', 'consent', 'select_account'].includes(word))
  )
    return errorPage(400, 'invalid_request', `Invalid parameter value for prompt: ${given('prompt')}`);
  if (parameters.has('code_challenge') && given('code_challenge_method') !== 'S256')
    return errorPage(400, 'invalid_request', 'code_challenge_method must be S256.');
  if (parameters.has('code_challenge') && !/^[\w-]{43}$/.test(given('code_challenge')))
    return errorPage(400, 'invalid_request', 'Invalid parameter value for code_challenge.');
  return null;
};

const back = (uri: string, answer: Record<string, string | null>): VendorAnswer => {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(answer)) if (value !== null) url.searchParams.set(name, value);
  return { status: 302, body: '', headers: { location: url.href, 'cache-control': 'no-store' } };
};

export const askConsent = (
  client: Client,
  accounts: readonly GoogleAccount[],
  { query }: VendorRequest,
): VendorAnswer => {
  const { scopes } = parseScopes(query.get('scope') ?? '');
  return fault(client, query) ?? consentPage(client.name, accounts, scopes, query);
};

const ofDecision = ['account', 'granted', 'decision'];

export const decide = (
  client: Client,
  accounts: readonly GoogleAccount[],
  grants: Grants,
  { body }: VendorRequest,
): VendorAnswer => {
  const form = new URLSearchParams(body);
  const parameters = new URLSearchParams([...form].filter(([name]) => !ofDecision.includes(name)));
  const wrong = fault(client, parameters);
  if (wrong) return wrong;
  const redirectUri = parameters.get('redirect_uri') ?? '';
  const state = parameters.get('state');
  if (form.get('decision') !== 'allow') return back(redirectUri, { error: 'access_denied', state });
  const account = accounts.find(({ email }) => email === form.get('account'))?.email;
  if (account === undefined) return errorPage(400, 'invalid_request', 'Choose one of the accounts.');

  const ticked = form.getAll('granted');
  const asked = parseScopes(parameters.get('scope') ?? '').scopes;
  const allowed = asked.filter((scope) => isOfSignIn(scope) || ticked.includes(scope));
  const before = parameters.get('include_granted_scopes') === 'true' ? grants.grantedTo(account) : [];
  const scopes = [...new Set([...allowed, ...before])];
  const asksAgain = (parameters.get('prompt') ?? '').split(' ').includes('consent');
  const offline = parameters.get('access_type') === 'offline' && (asksAgain || !grants.hasConsented(account));
  grants.consent({ account, scopes });
  const challenge = parameters.get('code_challenge');
  const code = grants.makeCode({ account, scopes, redirectUri, challenge, offline });
  return back(redirectUri, { state, code, scope: scopes.join(' ') });
};
