/** Google Analytics 4: the traffic of one property, day by day, through the Data API. */
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import { getProperty, listProperties, runReport } from './analytics-client';
import { config, type GoogleAnalyticsConfig } from './config';
import { explain } from './explain';
import { settledAfterDays } from './report-stream';
import { streams } from './streams';
import { googleAnalyticsTemplates } from './templates';

/** Google allows ten for each property; people look at its reports, too. */
const requestsAtOnce = 5;

export const googleAnalyticsConnector = defineApiConnector<GoogleAnalyticsConfig, null>({
  type: 'google-analytics',
  name: 'Google Analytics',
  description: 'Sessions, users, pages, events and revenue of a Google Analytics 4 property, by day.',
  auth: 'oauth2',
  oauth: { provider: 'google', scopes: ['https://www.googleapis.com/auth/analytics.readonly'] },
  config,
  credentials: z.null(),
  docsUrl: 'https://developers.google.com/analytics/devguides/reporting/data/v1',
  provisionalDays: settledAfterDays,
  streams,
  templates: googleAnalyticsTemplates,
  tune: (stream, { lookbackDays }) => ({ ...stream, lookbackDays }),
  explain,
  pace: ({ propertyId = 'properties' }) => ({ key: propertyId, atOnce: requestsAtOnce }),
  account: ({ propertyId }, _credentials, context) => getProperty(context, propertyId),
  choices: async (_config, _credentials, context) =>
    (await listProperties(context)).map(({ id, name, account }) => ({
      field: 'propertyId',
      value: id,
      label: name,
      detail: `${account} · ${id}`,
    })),
  check: ({ propertyId }, _credentials, context) =>
    checkSteps(context, async (step) => {
      const properties = await step(
        'Reach Google Analytics',
        async () => {
          const found = await listProperties(context);
          if (found.length > 0) return found;
          throw new FreshetError(
            'source_unauthorized',
            'The connected Google account sees no Google Analytics 4 property.',
            { action: 'Reconnect with an account that has at least the role Viewer for one.' },
          );
        },
        (found) => `The account sees ${found.length === 1 ? 'one property' : `${found.length} properties`}.`,
      );
      const name = properties.find(({ id }) => id === propertyId)?.name ?? `property ${propertyId}`;
      await step(
        `Open ${name}`,
        () => getProperty(context, propertyId),
        ({ timeZone, currency }) =>
          `Its days are those of ${timeZone}${currency === null ? '' : `, its money is ${currency}`}.`,
      );
      await step(
        'Read a report',
        () =>
          runReport(
            context,
            propertyId,
            {
              metrics: [{ name: 'sessions' }],
              dateRanges: [{ startDate: '7daysAgo', endDate: 'yesterday' }],
              limit: '1',
            },
            () => undefined,
          ),
        ({ rows }) => {
          const sessions = Number(rows?.[0]?.metricValues?.[0]?.value ?? 0);
          return sessions === 0
            ? 'The property can be read; it has no sessions in the last seven days.'
            : `The property can be read; it had ${sessions.toLocaleString('en')} sessions in the last seven days.`;
        },
      );
    }),
});
