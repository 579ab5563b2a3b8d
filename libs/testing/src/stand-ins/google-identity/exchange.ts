/** The token endpoint: codes and refresh tokens become access tokens, or a refusal in Google's words (RFC 6749 §5.2). */
import { createHash } from 'node:crypto';
import { Refusal, type VendorAnswer, type VendorRequest } from '../stand-in';
import type { Client } from './authorize';
import { accessTokenLife, type Grants } from './grants';

const refused = (error: string, description: string, status = 400): Refusal =>
  new Refusal({ status, body: { error, error_description: description } });

const needed = (form: URLSearchParams, name: string): string => {
  const value = form.get(name);
  if (value) return value;
  throw refused('invalid_request', `Missing required parameter: ${name}`);
};

const checkClient = (client: Client, form: URLSearchParams): void => {
  if (!form.get('client_id')) throw refused('invalid_request', 'Could not determine client ID from request.');
  if (form.get('client_id') !== client.id)
    throw refused('invalid_client', 'The OAuth client was not found.', 401);
  if (!form.get('client_secret')) throw refused('invalid_request', 'client_secret is missing.');
  if (form.get('client_secret') !== client.secret)
    throw refused('invalid_client', 'The provided client secret is invalid.', 401);
};

const tokens = (accessToken: string, scopes: readonly string[], refreshToken?: string): VendorAnswer => ({
  status: 200,
  headers: { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate' },
  body: {
    access_token: accessToken,
    expires_in: accessTokenLife / 1_000 - 1,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    scope: scopes.join(' '),
    token_type: 'Bearer',
  },
});

const fromCode = (grants: Grants, form: URLSearchParams): VendorAnswer => {
  const code = needed(form, 'code');
  const redirectUri = needed(form, 'redirect_uri');
  if (!code.startsWith('4/0')) throw refused('invalid_grant', 'Malformed auth code.');
  const permit = grants.useCode(code);
  if (!permit) throw refused('invalid_grant', 'Bad Request');
  if (permit.redirectUri !== redirectUri) throw refused('redirect_uri_mismatch', 'Bad Request');
  const verifier = form.get('code_verifier');
  if (permit.challenge !== null) {
    if (!verifier) throw refused('invalid_grant', 'Missing code verifier.');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (challenge !== permit.challenge) throw refused('invalid_grant', 'Invalid code verifier.');
  } else if (verifier) {
    throw refused('invalid_grant', 'code_verifier or verifier is not needed.');
  }
  const refreshToken = permit.offline ? grants.makeRefreshToken(permit) : undefined;
  return tokens(grants.makeAccessToken(permit), permit.scopes, refreshToken);
};

const fromRefreshToken = (grants: Grants, form: URLSearchParams): VendorAnswer => {
  const renewed = grants.renew(needed(form, 'refresh_token'));
  if (!renewed) throw refused('invalid_grant', 'Token has been expired or revoked.');
  return tokens(renewed.accessToken, renewed.scopes);
};

export const exchange = (client: Client, grants: Grants, { body, headers }: VendorRequest): VendorAnswer => {
  if (!/^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? ''))
    throw refused('invalid_request', 'The request must be form-encoded.');
  const form = new URLSearchParams(body);
  const kind = needed(form, 'grant_type');
  checkClient(client, form);
  if (kind === 'authorization_code') return fromCode(grants, form);
  if (kind === 'refresh_token') return fromRefreshToken(grants, form);
  throw refused('unsupported_grant_type', `Invalid grant_type: ${kind}`);
};

/** @returns 200 with an empty object, as Google does, or 400 for a token it does not know */
export const revokeByToken = (grants: Grants, { query, body }: VendorRequest): VendorAnswer => {
  const token = query.get('token') ?? new URLSearchParams(body).get('token');
  if (!token) throw refused('invalid_request', 'Missing required parameter: token');
  const account = grants.ownerOf(token);
  if (account === null) throw refused('invalid_token', 'Token expired or revoked');
  grants.revoke(account);
  return { status: 200, body: {} };
};
