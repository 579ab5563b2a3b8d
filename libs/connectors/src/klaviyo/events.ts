/** What people did, event by event, read in slices of days by when it happened. */
import { streamDefaults } from '../kit/api/api-stream';
import type { ApiRow } from '../kit/api/api-row';
import { dateAt, spanOf, zoneOf } from './account-days';
import { attributionDays, type KlaviyoStream } from './config';
import { ask, changedMeanwhile, endpoints, pagesOf, type Resource } from './klaviyo-api';
import { at } from './whole-lists';

const idOf = ({ relationships }: Resource, name: string): string | null => {
  const data = relationships?.[name]?.data;
  return data && !Array.isArray(data) ? data.id : null;
};

const happenedAt = ({ attributes }: Resource): string => String(attributes['datetime']);

const rowOf = (event: Resource, timeZone: string): ApiRow => {
  const properties = (event.attributes['event_properties'] ?? {}) as Record<string, unknown>;
  const datetime = happenedAt(event);
  return {
    id: event.id,
    date: dateAt(new Date(datetime), timeZone),
    datetime,
    metric_id: idOf(event, 'metric'),
    profile_id: idOf(event, 'profile'),
    value: properties['$value'],
    currency: properties['$value_currency'],
    message_id: properties['$message'],
    flow_id: properties['$flow'],
    campaign_name: properties['Campaign Name'],
    list: properties['List'],
    uuid: event.attributes['uuid'],
    properties,
  };
};

/** Shops report some events days after they happened, hence the lookback. */
export const events: KlaviyoStream<Resource[]> = {
  ...streamDefaults,
  name: 'events',
  description: 'One row an event: an order, an open, a click, a subscription.',
  key: ['id'],
  cursor: 'datetime',
  lookbackDays: attributionDays,
  provisionalDays: attributionDays,
  slicing: { days: 7, mostDays: 28, historyDays: null },
  columns: [
    { name: 'id', type: 'text' },
    { name: 'date', type: 'date' },
    { name: 'datetime', type: 'timestamp' },
    { name: 'metric_id', type: 'text' },
    { name: 'profile_id', type: 'text' },
    { name: 'value', type: 'numeric' },
    { name: 'currency', type: 'text' },
    { name: 'message_id', type: 'text' },
    { name: 'flow_id', type: 'text' },
    { name: 'campaign_name', type: 'text' },
    { name: 'list', type: 'text' },
    { name: 'uuid', type: 'text' },
    { name: 'properties', type: 'json' },
  ],
  async *pages({ credentials, slice, account }, context) {
    const { from, to } = spanOf(slice, account);
    const filter = `greater-or-equal(datetime,${from.toISOString()}),less-than(datetime,${to.toISOString()})`;
    const pages = pagesOf((cursor) =>
      ask(
        { credentials, context },
        endpoints.events,
        (library) => library.EventsApi,
        (api) => api.getEvents({ filter, sort: 'datetime', pageSize: 500, ...at(cursor) }),
      ),
    );
    for await (const { document } of pages) {
      const times = document.data.map((event) => Date.parse(happenedAt(event)));
      if (times.some((time) => !(time >= from.getTime() && time < to.getTime())))
        throw changedMeanwhile('gave events of other days');
      const reached = times.at(-1) ?? to.getTime();
      yield {
        body: document.data,
        progress: Math.min(1, (reached - from.getTime()) / (to.getTime() - from.getTime())),
      };
    }
  },
  rows: (page, { account }) => page.map((event) => rowOf(event, zoneOf(account))),
};
