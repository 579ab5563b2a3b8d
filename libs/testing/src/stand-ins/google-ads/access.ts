/** Who may ask what: the access token, the developer token, the manager asked through, and the account asked about. */
import { googleError } from '../google-identity/google-error';
import { Refusal, type VendorRequest } from '../stand-in';
import type { ControlState } from './controls';
import { accessibleTo, findCustomer, levelBelow, type AdsCustomer } from './customers';
import { refuseAds } from './failure';

export const adwordsScope = 'https://www.googleapis.com/auth/adwords';

export interface Caller {
  email: string;
}

/** Says who is behind a request, or throws a Refusal; the sandbox's authorization server has one. */
export interface Identity {
  authorize(request: VendorRequest, need: { scopes: readonly string[]; service: string }): Caller;
}

/** Takes one fixed access token, for tests without an authorization server. */
export const fixedToken = (token: string, email: string): Identity => ({
  authorize({ headers }) {
    if (headers.authorization === `Bearer ${token}`) return { email };
    throw new Refusal(googleError('UNAUTHENTICATED', 'Request had invalid authentication credentials.'));
  },
});

const header = ({ headers }: VendorRequest, name: string): string => {
  const value = headers[name];
  return Array.isArray(value) ? value.join() : (value ?? '');
};

export const identify = (
  request: VendorRequest,
  identity: Identity,
  developerToken: string,
  state: ControlState,
): Caller => {
  if (state.revoked)
    refuseAds(
      'UNAUTHENTICATED',
      'authenticationError',
      'OAUTH_TOKEN_REVOKED',
      'The OAuth access token has been revoked.',
    );
  const caller = identity.authorize(request, { scopes: [adwordsScope], service: 'googleads.googleapis.com' });
  const given = header(request, 'developer-token');
  if (given === '')
    refuseAds(
      'INVALID_ARGUMENT',
      'requestError',
      'DEVELOPER_TOKEN_PARAMETER_MISSING',
      "A required header, 'developer-token', was missing.",
    );
  if (given !== developerToken)
    refuseAds(
      'UNAUTHENTICATED',
      'authenticationError',
      'DEVELOPER_TOKEN_INVALID',
      'The developer token is not valid.',
    );
  if (state.developerTokenRefusal)
    refuseAds(
      'PERMISSION_DENIED',
      'authorizationError',
      state.developerTokenRefusal,
      'The developer token is not allowed to access this account.',
    );
  if (accessibleTo(caller.email).length === 0)
    refuseAds(
      'UNAUTHENTICATED',
      'authenticationError',
      'NOT_ADS_USER',
      'The Google account that generated the OAuth access token is not associated with any Ads accounts.',
    );
  return caller;
};

const denied = (): never =>
  refuseAds(
    'PERMISSION_DENIED',
    'authorizationError',
    'USER_PERMISSION_DENIED',
    "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header.",
  );

/** The account that a request is about; throws a Refusal unless the caller may ask about it in this way. */
export const enter = (
  request: VendorRequest,
  id: string,
  caller: Caller,
  state: ControlState,
): AdsCustomer => {
  if (!/^\d{10}$/.test(id))
    return refuseAds(
      'INVALID_ARGUMENT',
      'requestError',
      'INVALID_CUSTOMER_ID',
      `Invalid customer ID '${id}'.`,
    );
  const login = header(request, 'login-customer-id');
  if (login !== '' && !/^\d{10}$/.test(login))
    return refuseAds(
      'INVALID_ARGUMENT',
      'headerError',
      'INVALID_LOGIN_CUSTOMER_ID',
      'Invalid login-customer-id header. It must be ten digits without dashes.',
    );
  const customer = findCustomer(id);
  const through = findCustomer(login === '' ? id : login);
  // Those below a manager account are reached through a manager only, not through themselves.
  const mayEnter = accessibleTo(caller.email).some(
    (account) => account === through || (through?.manager && levelBelow(account, through) !== null),
  );
  if (!customer || !through || !mayEnter || levelBelow(through, customer) === null) return denied();
  if (state.isEnabled(customer)) return customer;
  return refuseAds(
    'PERMISSION_DENIED',
    'authorizationError',
    'CUSTOMER_NOT_ENABLED',
    "The customer account can't be accessed because it is not yet enabled or has been deactivated.",
  );
};
