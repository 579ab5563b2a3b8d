/** Stands in for the Google Ads API v25 over REST, as client libraries speak it: search, searchStream and the list of accessible customers. */
import { chanceOf, localDate } from '../../market';
import { googleError } from '../google-identity/google-error';
import { Refusal, startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { enter, fixedToken, identify, type Identity } from './access';
import { ControlState, type GoogleAdsControls } from './controls';
import { accessibleTo, type AdsCustomer } from './customers';
import { adsErrorBody, quotaFailure, refuseAds } from './failure';
import { search, searchStream } from './search';
import type { View, Window } from './subjects';
import { truthOf, type GoogleAdsStream, type TrueRow } from './truth';
import { makeWorld } from './world';

export interface GoogleAdsOptions {
  seed?: string | number;
  port?: number;
  now?: () => Date;
  /** Times so many ad groups, and with them ads, keywords and searches. */
  scale?: number;
  /** The sandbox's authorization server; without one, the access token `sandbox-access-token` is that of marketing@sandbox.example. */
  identity?: Identity;
  developerToken?: string;
  /** Operations a day; 2,880 are those of Explorer access. */
  operations?: number;
  /** Rows a page; 10,000 at the real API, where nobody can choose. */
  pageSize?: number;
}

export interface GoogleAds extends StandIn {
  controls: GoogleAdsControls;
  developerToken: string;
  /**
   * The rows with which a complete sync of these days ends, by column name. @param stream as the connector calls it
   * @param window ignored for streams without days @param customerIds accounts that are read
   */
  truth(stream: GoogleAdsStream, window: Window, customerIds: readonly string[]): TrueRow[];
}

const sandboxToken = 'sandbox-access-token';

const version = 'v25';

export const startGoogleAds = async (options: GoogleAdsOptions = {}): Promise<GoogleAds> => {
  const {
    seed = 'google-ads',
    now = () => new Date(),
    scale = 1,
    operations = 2_880,
    pageSize = 10_000,
  } = options;
  const { developerToken = 'sandbox-developer-token' } = options;
  const { identity = fixedToken(sandboxToken, 'marketing@sandbox.example') } = options;
  const [world, chance, state] = [makeWorld(seed, scale), chanceOf(seed), new ControlState(operations, now)];

  const viewOf = (customer: AdsCustomer, at: Date): View => ({
    customer,
    campaigns: world.get(customer.id) ?? [],
    chance,
    today: localDate(at, customer.timeZone),
    future: state.future,
    isEmpty: (date) => state.isEmpty(customer.id, date),
  });

  /** Answers in the form of a stream where one was asked for: errors too are elements of an array then. */
  const ask = (request: VendorRequest, id: string, method: string): VendorAnswer => {
    const caller = identify(request, identity, developerToken, state);
    const customer = enter(request, id, caller, state);
    const patience = state.nextThrottle();
    if (patience !== undefined)
      return quotaFailure('RESOURCE_TEMPORARILY_EXHAUSTED', 'Requests per account', patience);
    // Further pages of one search are no operations of their own.
    const goesOn = /"page_?[tT]oken"/.test(request.body);
    if (!goesOn && !state.spend())
      return quotaFailure(
        'RESOURCE_EXHAUSTED',
        'Number of operations for explorer access',
        state.untilNextDay(),
      );
    const asked = {
      customerId: customer.id,
      body: request.body,
      pageSize,
      state,
      viewAt: (time: number) => viewOf(customer, new Date(time)),
      now: now().getTime(),
    };
    return method === 'search' ? search(asked) : searchStream(asked);
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const [, asked = '', rest = ''] = /^\/(v\d+)\/(.*)$/.exec(request.path) ?? [];
    if (asked !== '' && asked !== version)
      refuseAds(
        'INVALID_ARGUMENT',
        'requestError',
        'UNSUPPORTED_VERSION',
        `Version ${asked} is deprecated. Requests to this version will be blocked.`,
      );
    if (request.method === 'GET' && rest === 'customers:listAccessibleCustomers') {
      const { email } = identify(request, identity, developerToken, state);
      return { status: 200, body: { resourceNames: accessibleTo(email).map(({ id }) => `customers/${id}`) } };
    }
    const [, id, method] = /^customers\/([^/]+)\/googleAds:(search|searchStream)$/.exec(rest) ?? [];
    if (request.method !== 'POST' || id === undefined || method === undefined)
      return googleError('NOT_FOUND', 'Requested entity was not found.');
    if (method === 'search') return ask(request, id, method);
    try {
      return inArray(ask(request, id, method));
    } catch (error) {
      if (error instanceof Refusal) return inArray(error.answer);
      throw error;
    }
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: adsErrorBody,
  });
  return {
    ...standIn,
    controls: state,
    developerToken,
    truth: (stream, window, customerIds) =>
      truthOf(stream, window, customerIds, (customer) => viewOf(customer, now())),
  };
};

const inArray = (answered: VendorAnswer): VendorAnswer =>
  answered.status === 200 ? answered : { ...answered, body: [answered.body] };
