/** The reports that Freshet reads from each property. */
import { reportStream } from './report-stream';

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

export const streams = [
  reportStream({
    name: 'traffic',
    description: 'Sessions, engagement and revenue by day, source and medium.',
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
  }),
  reportStream({
    name: 'acquisition',
    description: 'New users and what became of them, by the source and medium that first brought them.',
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
  }),
  reportStream({
    name: 'pages',
    description: 'Views, users and revenue by day and page.',
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
  }),
  reportStream({
    name: 'events',
    description: 'Events, those who caused them, and revenue, by day and event.',
    dimensions: ['eventName'],
    metrics: ['eventCount', 'totalUsers', 'eventCountPerUser', 'totalRevenue'],
  }),
  reportStream({
    name: 'devices',
    description: 'Users and sessions by day, device, operating system and browser.',
    dimensions: ['deviceCategory', 'operatingSystem', 'browser'],
    metrics: visits,
  }),
  reportStream({
    name: 'locations',
    description: 'Users and sessions by day, country, region and city.',
    dimensions: ['country', 'region', 'city'],
    metrics: visits,
  }),
] as const;
