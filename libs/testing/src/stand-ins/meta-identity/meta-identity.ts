/** Stands in for Meta's login: the dialog, tokens from codes, long-lived tokens, who somebody is, and taking consent back. */
import { createHash } from 'node:crypto';
import { startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { askConsent, decide, type MetaApp } from './dialog';
import { graphError, graphErrorBody, refuseAsMeta } from './graph-error';
import { metaPeople, type MetaPerson } from './people';
import { lifetimes, MetaTokens, type MetaPermit } from './tokens';

export interface MetaIdentityOptions {
  port?: number;
  now?: () => Date;
  people?: readonly MetaPerson[];
  app?: Partial<MetaApp>;
  /** Signs tokens; those of one secret survive a restart. */
  secret?: string;
}

export interface MetaIdentity extends StandIn {
  app: MetaApp;
  people: readonly MetaPerson[];
  /** A long-lived token, as if this person had consented in a browser. */
  issue(permit: MetaPermit): string;
  /** As if the person had removed the app: all tokens are dead. */
  revoke(user: string): void;
  /** Tokens given out so far are too old from now on, and can't be exchanged any more. */
  expireTokens(): void;
  /** The person behind a request to the Graph API; refuses it in Meta's words otherwise. @param scopes any one of these will do */
  authorize(request: VendorRequest, scopes: readonly string[]): MetaPerson;
  /** How many tokens were exchanged for long-lived ones. */
  exchanges(): number;
}

const sentences = {
  malformed: ['Invalid OAuth access token - Cannot parse access token', undefined],
  expired: [
    'Error validating access token: Session has expired. The current time is later than its end.',
    463,
  ],
  revoked: ['Error validating access token: The user has not authorized application.', 458],
} as const;

const bearer = ({ headers, query }: VendorRequest): string =>
  query.get('access_token') ?? /^(?:Bearer|OAuth) (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

const version = /^\/v24\.0(?=\/)/;

export const startMetaIdentity = async (options: MetaIdentityOptions = {}): Promise<MetaIdentity> => {
  const { people = Object.values(metaPeople), now = () => new Date(), secret = 'sandbox' } = options;
  const app: MetaApp = {
    id: '734829105647382',
    secret: 'sandbox-app-secret',
    name: 'Freshet',
    redirectUris: [],
    ...options.app,
  };
  const tokens = new MetaTokens(now, secret);

  const permitOf = (token: string): MetaPermit => {
    if (token === '') {
      throw refuseAsMeta({ code: 104, message: 'An access token is required to request this resource.' });
    }
    const state = tokens.read(token);
    if (state.ok) return state.permit;
    const [message, subcode] = sentences[state.why];
    throw refuseAsMeta({ code: 190, message, ...(subcode !== undefined && { subcode }) });
  };

  const authorize: MetaIdentity['authorize'] = (request, scopes) => {
    const permit = permitOf(bearer(request));
    const person = people.find(({ id }) => id === permit.user);
    if (!person) throw refuseAsMeta({ code: 190, message: sentences.revoked[0], subcode: 458 });
    if (scopes.length > 0 && !scopes.some((scope) => permit.scopes.includes(scope))) {
      const message = `(#200) Ad account owner has NOT grant ${scopes.join(' or ')} permission`;
      throw refuseAsMeta({ code: 200, message, status: 403 });
    }
    return person;
  };

  /** From a code, or from a token that still lives. Meta takes the parameters in the query and in a form. */
  const exchange = (request: VendorRequest): VendorAnswer => {
    const given = new URLSearchParams([...request.query, ...new URLSearchParams(request.body)]);
    const value = (name: string): string => given.get(name) ?? '';
    if (value('client_id') !== app.id) {
      throw refuseAsMeta({
        code: 101,
        message: 'Error validating application. Cannot get application info due to a system error.',
      });
    }
    if (value('client_secret') !== app.secret)
      throw refuseAsMeta({ code: 1, message: 'Error validating client secret.' });
    if (value('grant_type') === 'fb_exchange_token') {
      const permit = permitOf(value('fb_exchange_token'));
      tokens.exchanges += 1;
      return tokenAnswer(tokens.make(permit, lifetimes.long), lifetimes.long);
    }
    const code = tokens.useCode(value('code'));
    if (!code)
      throw refuseAsMeta({
        code: 100,
        message: 'This authorization code has been used or has expired.',
        subcode: 36009,
      });
    if (code.redirectUri !== value('redirect_uri')) {
      const message =
        'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request';
      throw refuseAsMeta({ code: 100, message, subcode: 36008 });
    }
    const verifier = createHash('sha256').update(value('code_verifier')).digest('base64url');
    if (code.challenge !== null && code.challenge !== verifier) {
      throw refuseAsMeta({ code: 100, message: 'Invalid code_verifier parameter.' });
    }
    return tokenAnswer(tokens.make(code, lifetimes.short), lifetimes.short);
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const path = request.path.replace(version, '');
    switch (`${request.method} ${path}`) {
      case 'GET /dialog/oauth':
        return askConsent(app, people, request);
      case 'POST /dialog/oauth':
        return decide(app, people, tokens, request);
      case 'GET /oauth/access_token':
      case 'POST /oauth/access_token':
        return exchange(request);
      case 'GET /me': {
        const { id, name } = authorize(request, []);
        return { status: 200, body: { id, name } };
      }
      case 'GET /me/permissions': {
        const { scopes } = permitOf(bearer(request));
        return {
          status: 200,
          body: { data: scopes.map((permission) => ({ permission, status: 'granted' })) },
        };
      }
      case 'DELETE /me/permissions':
        tokens.revoke(authorize(request, []).id);
        return { status: 200, body: { success: true } };
      default:
        return graphError({ code: 2500, message: `Unknown path components: ${path}` });
    }
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: (status) =>
      graphErrorBody({ code: status === 401 ? 190 : 2, message: 'An unexpected error has occurred.' }),
    isAside: ({ path }) => path.endsWith('/dialog/oauth'),
  });
  return {
    ...standIn,
    app,
    people,
    issue: (permit) => tokens.make(permit, lifetimes.long),
    revoke: (user) => tokens.revoke(user),
    expireTokens: () => tokens.expire(),
    authorize,
    exchanges: () => tokens.exchanges,
  };
};

const tokenAnswer = (token: string, lifetime: number): VendorAnswer => ({
  status: 200,
  headers: { 'cache-control': 'no-store' },
  body: { access_token: token, token_type: 'bearer', expires_in: lifetime / 1_000 },
});
