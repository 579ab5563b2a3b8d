/** What the connector's tables have to hold, told by the stand-in without a request. For specs only. */
import type { Days, ExpectedRow } from '../kit/conformance';

interface Vendor {
  truth(report: {
    property: string;
    dimensions: readonly string[];
    metrics: readonly string[];
    from: string;
    to: string;
  }): { dimensions: string[]; metrics: string[] }[];
}

const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** As `connectors.md` lists them; written once more, so that a column forgotten is missed. */
export const reports: Record<string, { dimensions: string[]; metrics: string[] }> = {
  traffic: {
    dimensions: ['date', 'sessionSource', 'sessionMedium'],
    metrics: [
      'totalUsers',
      'sessions',
      'engagedSessions',
      'eventsPerSession',
      'engagementRate',
      'eventCount',
      'keyEvents',
      'totalRevenue',
      'userEngagementDuration',
    ],
  },
  acquisition: {
    dimensions: ['date', 'firstUserSource', 'firstUserMedium'],
    metrics: [
      'newUsers',
      'engagedSessions',
      'engagementRate',
      'eventCount',
      'keyEvents',
      'totalRevenue',
      'totalUsers',
      'userEngagementDuration',
    ],
  },
  pages: {
    dimensions: ['date', 'pagePath'],
    metrics: [
      'screenPageViews',
      'totalUsers',
      'newUsers',
      'eventCount',
      'keyEvents',
      'totalRevenue',
      'userEngagementDuration',
    ],
  },
  events: {
    dimensions: ['date', 'eventName'],
    metrics: ['eventCount', 'totalUsers', 'eventCountPerUser', 'totalRevenue'],
  },
  devices: {
    dimensions: ['date', 'deviceCategory', 'operatingSystem', 'browser'],
    metrics: [
      'totalUsers',
      'newUsers',
      'sessions',
      'sessionsPerUser',
      'averageSessionDuration',
      'screenPageViews',
      'screenPageViewsPerSession',
      'bounceRate',
    ],
  },
  locations: {
    dimensions: ['date', 'country', 'region', 'city'],
    metrics: [
      'totalUsers',
      'newUsers',
      'sessions',
      'sessionsPerUser',
      'averageSessionDuration',
      'screenPageViews',
      'screenPageViewsPerSession',
      'bounceRate',
    ],
  },
};

/** What the table of a complete sync of these days has to hold. */
export const truthOf = (
  vendor: Vendor,
  { id, currency }: { id: string; currency: string },
  stream: string,
  days: Days | null,
): ExpectedRow[] => {
  const { dimensions, metrics } = reports[stream] ?? { dimensions: [], metrics: [] };
  const rows = vendor.truth({ property: id, dimensions, metrics, ...(days ?? { from: '', to: '' }) });
  return rows.map((row) => ({
    property_id: id,
    ...Object.fromEntries(dimensions.map((field, at) => [columnName(field), row.dimensions[at]])),
    date: row.dimensions[0]?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
    ...Object.fromEntries(metrics.map((field, at) => [columnName(field), row.metrics[at]])),
    ...(metrics.includes('totalRevenue') && { currency }),
  }));
};
