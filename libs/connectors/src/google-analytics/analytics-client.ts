/** The calls to Google Analytics, through Google's generated clients, which are loaded when first needed. */
import type { analyticsadmin_v1beta } from '@googleapis/analyticsadmin';
import type { analyticsdata_v1beta } from '@googleapis/analyticsdata';
import type { Attempt, ConnectorContext } from '../kit/context';

export type ReportRequest = analyticsdata_v1beta.Schema$RunReportRequest;
export type ReportResponse = analyticsdata_v1beta.Schema$RunReportResponse;

export interface Property {
  /** Digits. */
  id: string;
  name: string;
  /** The Analytics account above it. */
  account: string;
}

export interface PropertyDetails {
  name: string;
  timeZone: string;
  currency: string | null;
}

/** Repeating is the kit's: Google's client would repeat a GET by itself, and a POST never. */
const clientSettings = ({ settings: { baseUrl } }: ConnectorContext) => ({
  version: 'v1beta' as const,
  retry: false,
  fetchImplementation: fetch,
  ...(baseUrl !== null && { rootUrl: baseUrl }),
});

const perCall = ({ signal, accessToken }: Attempt) => ({
  signal,
  headers: { authorization: `Bearer ${accessToken}` },
});

/** What is no JSON object, such as a proxy's web page, comes as text from Google's client. */
const whole = <T>(data: T): T => {
  if (typeof data === 'object' && data !== null) return data;
  throw new SyntaxError('The answer is no JSON object.');
};

const dataClient = async (context: ConnectorContext) => {
  const { analyticsdata } = await import('@googleapis/analyticsdata');
  return analyticsdata(clientSettings(context));
};

const adminClient = async (context: ConnectorContext) => {
  const { analyticsadmin } = await import('@googleapis/analyticsadmin');
  return analyticsadmin(clientSettings(context));
};

/** @param verify throws for an answer that is not the one asked for; it is then asked for again */
export const runReport = async (
  context: ConnectorContext,
  propertyId: string,
  requestBody: ReportRequest,
  verify: (report: ReportResponse) => void,
): Promise<ReportResponse> => {
  const client = await dataClient(context);
  return context.call(async (attempt) => {
    const { data } = await client.properties.runReport(
      { property: `properties/${propertyId}`, requestBody },
      perCall(attempt),
    );
    verify(whole(data));
    return data;
  });
};

const summariesAtOnce = 200;

const listAccounts = async (
  context: ConnectorContext,
  pageToken: string | undefined,
): Promise<analyticsadmin_v1beta.Schema$GoogleAnalyticsAdminV1betaListAccountSummariesResponse> => {
  const client = await adminClient(context);
  return context.call(async (attempt) => {
    const { data } = await client.accountSummaries.list(
      { pageSize: summariesAtOnce, ...(pageToken !== undefined && { pageToken }) },
      perCall(attempt),
    );
    return whole(data);
  });
};

const digits = (name: string | null | undefined): string => (name ?? '').replace(/^properties\//, '');

/** Every property that the connected account may see. */
export const listProperties = async (context: ConnectorContext): Promise<Property[]> => {
  const found: Property[] = [];
  let pageToken: string | undefined;
  do {
    const page = await listAccounts(context, pageToken);
    for (const { displayName: account, propertySummaries } of page.accountSummaries ?? []) {
      for (const { property, displayName } of propertySummaries ?? [])
        found.push({ id: digits(property), name: displayName ?? digits(property), account: account ?? '' });
    }
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return found;
};

export const getProperty = async (
  context: ConnectorContext,
  propertyId: string,
): Promise<PropertyDetails> => {
  const client = await adminClient(context);
  return context.call(async (attempt) => {
    const { data } = await client.properties.get({ name: `properties/${propertyId}` }, perCall(attempt));
    const { name, displayName, timeZone, currencyCode } = whole(data);
    if (digits(name) !== propertyId || !timeZone)
      throw new SyntaxError('This is not the property asked for.');
    return { name: displayName ?? propertyId, timeZone, currency: currencyCode ?? null };
  });
};
