/** Streams read on from the last change: profiles and templates by `updated`, campaigns by `updated_at` of each channel and archive. */
import { streamDefaults } from '../kit/api/api-stream';
import type { ApiRow } from '../kit/api/api-row';
import type { Checkpoint } from '../kit/connector';
import type { KlaviyoStream } from './config';
import { ask, changedMeanwhile, endpoints, pagesOf, type Document, type Resource } from './klaviyo-api';
import { at } from './whole-lists';

/** Klaviyo shows changes by the second: those of the last second seen are read again, as others may have followed in it. */
const margin = 1_000;

const sinceOf = (checkpoint: Checkpoint | null, part: string): Date | null => {
  const text = checkpoint?.[part];
  return typeof text === 'string' ? new Date(Date.parse(text) - margin) : null;
};

/** The last change on a page, or the known one; never later than now, or a clock that runs ahead would hide what follows. */
const changedTo = (page: readonly Resource[], field: string, known: unknown, now: Date): string | null => {
  const last = page.at(-1)?.attributes[field];
  if (typeof last !== 'string') return typeof known === 'string' ? known : null;
  return new Date(Math.min(Date.parse(last), now.getTime())).toISOString();
};

/** Drops what has not been read yet. */
const without = (checkpoint: Record<string, string | null>): Checkpoint =>
  Object.fromEntries(Object.entries(checkpoint).filter(([, text]) => text !== null));

const changedSince = (field: string, since: Date | null): { filter?: string } =>
  since === null ? {} : { filter: `greater-than(${field},${since.toISOString()})` };

const location = ({ attributes }: Resource): Record<string, unknown> =>
  (attributes['location'] ?? {}) as Record<string, unknown>;

const profileRow = (profile: Resource): ApiRow => {
  const { city, region, country, zip, timezone } = location(profile);
  return { id: profile.id, ...profile.attributes, city, region, country, zip, time_zone: timezone };
};

export const profiles: KlaviyoStream<Resource[]> = {
  ...streamDefaults,
  name: 'profiles',
  description: 'One row a person, as Klaviyo knows them now.',
  key: ['id'],
  cursor: 'updated',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'email', type: 'text' },
    { name: 'phone_number', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'first_name', type: 'text' },
    { name: 'last_name', type: 'text' },
    { name: 'organization', type: 'text' },
    { name: 'title', type: 'text' },
    { name: 'locale', type: 'text' },
    { name: 'city', type: 'text' },
    { name: 'region', type: 'text' },
    { name: 'country', type: 'text' },
    { name: 'zip', type: 'text' },
    { name: 'time_zone', type: 'text' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
    { name: 'last_event_date', type: 'timestamp' },
    { name: 'properties', type: 'json' },
  ],
  async *pages({ credentials, checkpoint }, context) {
    const changed = changedSince('updated', sinceOf(checkpoint, 'updated'));
    const read = (cursor: string | undefined): Promise<Document> =>
      ask(
        { credentials, context },
        endpoints.profiles,
        (library) => library.ProfilesApi,
        (api) => api.getProfiles({ sort: 'updated', pageSize: 100, ...changed, ...at(cursor) }),
      );
    for await (const { document } of pagesOf(read)) {
      const updated = changedTo(document.data, 'updated', checkpoint?.['updated'], context.now());
      yield { body: document.data, checkpoint: without({ updated }) };
    }
  },
  rows: (people) => people.map(profileRow),
};

export const templates: KlaviyoStream<Resource[]> = {
  ...streamDefaults,
  name: 'templates',
  description: 'One row a message template, with its HTML.',
  key: ['id'],
  cursor: 'updated',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'editor_type', type: 'text' },
    { name: 'html', type: 'text' },
    { name: 'text', type: 'text' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
  ],
  async *pages({ credentials, checkpoint }, context) {
    const changed = changedSince('updated', sinceOf(checkpoint, 'updated'));
    const read = (cursor: string | undefined): Promise<Document> =>
      ask(
        { credentials, context },
        endpoints.templates,
        (library) => library.TemplatesApi,
        (api) => api.getTemplates({ sort: 'updated', ...changed, ...at(cursor) }),
      );
    for await (const { document } of pagesOf(read)) {
      const updated = changedTo(document.data, 'updated', checkpoint?.['updated'], context.now());
      yield { body: document.data, checkpoint: without({ updated }) };
    }
  },
  rows: (resources) => resources.map(({ id, attributes }) => ({ id, ...attributes })),
};

interface CampaignPage {
  channel: string;
  campaigns: Resource[];
  messages: Resource[];
}

/** Klaviyo lists campaigns of one channel at a time, and archived ones only when asked. */
const parts = ['email', 'sms', 'mobile_push'].flatMap((channel) =>
  [false, true].map((archived) => ({ channel, archived, name: archived ? `${channel}:archived` : channel })),
);

/** A campaign's messages as it refers to them. */
const messagesOf = ({ relationships }: Resource, messages: readonly Resource[]): Resource[] => {
  const data = relationships?.['campaign-messages']?.data ?? [];
  const ids = (Array.isArray(data) ? data : [data]).map(({ id }) => id);
  return messages.filter(({ id }) => ids.includes(id));
};

interface Definition {
  content?: { subject?: unknown };
}

export const campaigns: KlaviyoStream<CampaignPage> = {
  ...streamDefaults,
  name: 'campaigns',
  description: 'One row a campaign of any channel, archived or not.',
  key: ['id'],
  cursor: 'updated_at',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'channel', type: 'text' },
    { name: 'status', type: 'text' },
    { name: 'archived', type: 'boolean' },
    { name: 'subject', type: 'text' },
    { name: 'send_time', type: 'timestamp' },
    { name: 'scheduled_at', type: 'timestamp' },
    { name: 'created_at', type: 'timestamp' },
    { name: 'updated_at', type: 'timestamp' },
    { name: 'audiences', type: 'json' },
    { name: 'message_ids', type: 'json' },
  ],
  async *pages({ credentials, checkpoint }, context) {
    const read = { ...(checkpoint as Record<string, string> | null) };
    for (const { channel, archived, name } of parts) {
      const { filter: changed } = changedSince('updated_at', sinceOf(checkpoint, name));
      const wanted = [`equals(messages.channel,"${channel}")`, `equals(archived,${archived})`];
      const filter = changed === undefined ? wanted.join(',') : [...wanted, changed].join(',');
      const pages = pagesOf((cursor) =>
        ask(
          { credentials, context },
          endpoints.campaigns,
          (library) => library.CampaignsApi,
          (api) =>
            api.getCampaigns(filter, {
              sort: 'updated_at',
              include: ['campaign-messages'],
              ...at(cursor),
            }),
        ),
      );
      for await (const { document } of pages) {
        if (document.data.some(({ attributes }) => attributes['archived'] !== archived)) {
          throw changedMeanwhile('answered with campaigns of another archive');
        }
        const updated = changedTo(document.data, 'updated_at', read[name], context.now());
        if (updated !== null) read[name] = updated;
        yield {
          body: { channel, campaigns: document.data, messages: document.included ?? [] },
          checkpoint: { ...read },
        };
      }
    }
  },
  rows: ({ channel, campaigns: found, messages }) =>
    found.map((campaign) => {
      const own = messagesOf(campaign, messages);
      const { content } = (own[0]?.attributes['definition'] ?? {}) as Definition;
      return {
        id: campaign.id,
        ...campaign.attributes,
        channel,
        subject: content?.subject,
        message_ids: own.map(({ id }) => id),
      };
    }),
};
