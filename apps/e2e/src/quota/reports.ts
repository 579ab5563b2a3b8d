/** The reports that are copied, and what their tables have to hold: written once more, so that no field is missed. */
import type { GoogleAnalytics } from '@freshet/testing';
import type { Days } from '../connectors/trial';

const visits = [
  'totalUsers',
  'newUsers',
  'sessions',
  'sessionsPerUser',
  'averageSessionDuration',
  'screenPageViews',
  'screenPageViewsPerSession',
  'bounceRate',
];

const reports = {
  traffic: {
    dimensions: ['sessionSource', 'sessionMedium'],
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
    dimensions: ['firstUserSource', 'firstUserMedium'],
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
    dimensions: ['pagePath'],
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
    dimensions: ['eventName'],
    metrics: ['eventCount', 'totalUsers', 'eventCountPerUser', 'totalRevenue'],
  },
  devices: { dimensions: ['deviceCategory', 'operatingSystem', 'browser'], metrics: visits },
  locations: { dimensions: ['country', 'region', 'city'], metrics: visits },
} as const satisfies Record<string, { dimensions: readonly string[]; metrics: readonly string[] }>;

export type ReportName = keyof typeof reports;
export const reportNames = Object.keys(reports) as ReportName[];

const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** As the vendor shows these days just now. */
export const expectedRows = (
  vendor: GoogleAnalytics,
  property: string,
  name: ReportName,
  { from, to }: Days,
): Record<string, unknown>[] => {
  const { metrics } = reports[name];
  const dimensions = ['date', ...reports[name].dimensions];
  const columns = [...dimensions, ...metrics].map(columnName);
  return vendor.truth({ property, dimensions, metrics, from, to }).map((row) => ({
    property_id: property,
    ...Object.fromEntries([...row.dimensions, ...row.metrics].map((value, at) => [columns[at], value])),
  }));
};
