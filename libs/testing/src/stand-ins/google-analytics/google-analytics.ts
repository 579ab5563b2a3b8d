/** Stands in for the Google Analytics Data API and Admin API (v1beta), over sandbox properties with plausible visitors. */
import { setImmediate } from 'node:timers/promises';
import { dateOf, dayNumber, localDate } from '../../market';
import {
  googleErrorBody,
  googleScopes,
  refuseAsGoogle,
  type GoogleAccount,
  type GoogleIdentity,
} from '../google-identity';
import { startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { facetOf } from './facets';
import { accountSummaries, describeProperty } from './admin';
import { defaultProperties, type AnalyticsProperty } from './properties';
import { PropertyQuotas, standardQuotas, type QuotaName, type QuotaSizes } from './quotas';
import { countReport, writeReport, type Report, type Reporting, type ReportRow } from './report';
import { mostRows, readReportRequest, type ReportRequest } from './report-request';

export interface GoogleAnalyticsOptions {
  /** Who says whose a token is. */
  identity: GoogleIdentity;
  seed?: string | number;
  port?: number;
  now?: () => Date;
  properties?: readonly AnalyticsProperty[];
  /** 1 is some sixty pages a day and site, and so many visitors that they are seen. */
  scale?: number;
  quotas?: Partial<QuotaSizes>;
  /** What a report costs, as a multiple of the few tokens of a small property: Google asks more for one with many events. */
  priceFactor?: number;
  /** Rows of one answer; Google may give fewer than were asked for. */
  rowsAtOnce?: number;
  reporting?: Partial<Omit<Reporting, 'world'>>;
}

export interface ReportTruth {
  property: string;
  dimensions: readonly string[];
  metrics: readonly string[];
  /** `to` is not included. */
  from: string;
  to: string;
}

export interface GoogleAnalytics extends StandIn {
  properties: readonly AnalyticsProperty[];
  /** What a complete, unsampled copy of a report has to hold just now, counted without a request. */
  truth(report: ReportTruth): ReportRow[];
  /** May be changed at any time: sampling, thresholds, rare values put together. */
  reporting: Reporting;
  /** The vendor corrects the numbers of days that are three days old or younger, beside what passing time restates. */
  restate(): void;
  /** There are rows of days to come. */
  addFuture(): void;
  /** Nobody visited any site, ever. */
  empty(): void;
  /** Uses a quota up until its period ends. */
  exhaust(property: string, quota: QuotaName): void;
  /** Gives back what is in use, as when other programs end their requests. */
  relax(property: string): void;
  quotaOf(property: string): ReturnType<PropertyQuotas['state']>;
  /** All that reports have cost so far. */
  tokensSpent(property: string): number;
}

const service = 'analyticsdata.googleapis.com';
const reportPath = /^\/v1beta\/properties\/([^/:]+):runReport$/;
const propertyPath = /^\/v1beta\/properties\/([^/:]+)$/;
const systemParameters = ['alt', 'prettyPrint', 'fields', 'key', 'access_token', 'quotaUser', '$.xgafv'];
const demographics = 'person';

const noPermission =
  'User does not have sufficient permissions for this property. To learn more about Property ID, see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.';

const checkQuery = ({ query }: VendorRequest, own: readonly string[]): void => {
  for (const name of query.keys()) {
    if (systemParameters.includes(name) || own.includes(name)) continue;
    const message = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
    refuseAsGoogle('INVALID_ARGUMENT', message);
  }
};

/** What a report costs, in tokens: a few, and more for many fields, rows and days. */
const priceOf = ({ ranges, dimensions, metrics }: ReportRequest, rows: number): number => {
  const days = ranges.reduce((sum, { from, to }) => sum + dayNumber(to) - dayNumber(from) + 1, 0);
  const fields = dimensions.length + metrics.length;
  return 4 + Math.ceil(fields / 3) + Math.floor(rows / 2_000) + Math.floor(days / 30);
};

export const startGoogleAnalytics = async (options: GoogleAnalyticsOptions): Promise<GoogleAnalytics> => {
  const { identity, seed = 'sandbox', scale = 1, priceFactor = 1, now = () => new Date() } = options;
  let properties = options.properties ?? defaultProperties;
  const sizes = { ...standardQuotas, ...options.quotas };
  const reporting: Reporting = {
    world: { seed, scale, corrections: [], hasFuture: false },
    sampledFrom: 10_000_000,
    samplesDays: false,
    withheldBelow: 0,
    mostCells: 500_000,
    ...options.reporting,
  };
  const quotas = new Map<string, PropertyQuotas>();
  const spent = new Map<string, number>();
  const quotasOf = (id: string): PropertyQuotas => {
    const found = quotas.get(id) ?? new PropertyQuotas(sizes, now);
    quotas.set(id, found);
    return found;
  };
  const todayOf = ({ timeZone }: AnalyticsProperty): string => localDate(now(), timeZone);

  const visible = (account: GoogleAccount): readonly AnalyticsProperty[] =>
    properties.filter(({ viewers }) => viewers.includes(account.email));
  const propertyFor = (account: GoogleAccount, id: string): AnalyticsProperty => {
    if (!/^\d+$/.test(id))
      refuseAsGoogle('INVALID_ARGUMENT', `Invalid property ID: ${id}. A numeric Property ID is required.`);
    return (
      visible(account).find((property) => property.id === id) ??
      refuseAsGoogle('PERMISSION_DENIED', noPermission)
    );
  };

  /** The last report counted: its pages are asked for one after the other. */
  let last: { key: string; report: Report } | undefined;
  const counted = (property: AnalyticsProperty, request: ReportRequest): Report => {
    const today = todayOf(property);
    const { limit: _limit, offset: _offset, ...asked } = request;
    const key = JSON.stringify([property.id, today, asked, reporting]);
    if (last?.key !== key) last = { key, report: countReport(property, request, today, reporting) };
    return last.report;
  };

  const runReport = async (
    account: GoogleAccount,
    id: string,
    asked: VendorRequest,
  ): Promise<VendorAnswer> => {
    const property = propertyFor(account, id);
    const request = readReportRequest(asked.body, property, todayOf(property));
    const quota = quotasOf(id);
    const mayBeWithheld = request.dimensions.some((name) => facetOf(name) === demographics);
    quota.check([
      'concurrentRequests',
      ...(mayBeWithheld ? (['potentiallyThresholdedRequestsPerHour'] as const) : []),
      'serverErrorsPerProjectPerHour',
      'tokensPerProjectPerHour',
      'tokensPerHour',
      'tokensPerDay',
    ]);
    quota.use('concurrentRequests', 1);
    try {
      // Requests that came at the same time are under way at the same time.
      await setImmediate();
      const report = counted(property, request);
      const body = writeReport(property, request, report, options.rowsAtOnce ?? mostRows);
      const price = priceFactor * priceOf(request, Math.min(request.limit, report.rows.length));
      spent.set(id, (spent.get(id) ?? 0) + price);
      for (const name of ['tokensPerDay', 'tokensPerHour', 'tokensPerProjectPerHour'] as const)
        quota.use(name, price);
      if (mayBeWithheld) quota.use('potentiallyThresholdedRequestsPerHour', 1);
      return {
        status: 200,
        body: request.returnPropertyQuota ? { ...body, propertyQuota: quota.state(price) } : body,
      };
    } finally {
      quota.use('concurrentRequests', -1);
    }
  };

  const answer = async (request: VendorRequest): Promise<VendorAnswer> => {
    const account = identity.authorize(request, { scopes: [googleScopes.analytics], service });
    const { method, path } = request;
    const reported = method === 'POST' ? reportPath.exec(path)?.[1] : undefined;
    if (reported !== undefined) {
      checkQuery(request, []);
      return runReport(account, reported, request);
    }
    const described = method === 'GET' ? propertyPath.exec(path)?.[1] : undefined;
    if (described !== undefined) {
      checkQuery(request, []);
      return describeProperty(propertyFor(account, described));
    }
    if (method === 'GET' && path === '/v1beta/accountSummaries') {
      checkQuery(request, ['pageSize', 'pageToken']);
      return accountSummaries(visible(account), request);
    }
    return refuseAsGoogle('NOT_FOUND', 'Requested entity was not found.');
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: googleErrorBody,
  });

  const truth: GoogleAnalytics['truth'] = ({ property: id, dimensions, metrics, from, to }) => {
    const property = properties.find((known) => known.id === id);
    if (!property) throw new Error(`There is no property ${id}.`);
    const request: ReportRequest = {
      dimensions: [...dimensions],
      metrics: [...metrics],
      ranges: [{ from, to: dateOf(dayNumber(to) - 1), name: '' }],
      limit: Infinity,
      offset: 0,
      orderBys: [],
      keepEmptyRows: false,
      returnPropertyQuota: false,
    };
    return countReport(property, request, todayOf(property), { ...reporting, sampledFrom: Infinity }).rows;
  };

  return {
    ...standIn,
    get properties() {
      return properties;
    },
    truth,
    reporting,
    restate: () => void (reporting.world.corrections = [...reporting.world.corrections, now()]),
    addFuture: () => void (reporting.world.hasFuture = true),
    empty: () => void (properties = properties.map((property) => ({ ...property, sessionsPerDay: 0 }))),
    exhaust: (property, quota) => quotasOf(property).exhaust(quota),
    relax: (property) => quotasOf(property).use('concurrentRequests', -sizes.concurrentRequests),
    quotaOf: (property) => quotasOf(property).state(0),
    tokensSpent: (property) => spent.get(property) ?? 0,
  };
};
