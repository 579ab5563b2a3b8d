/** Klaviyo's lists of resources: which filters, orders, page sizes and fields each endpoint takes, by its reference of revision 2026-07-15. */
import type { AllowedFilters } from './filter';
import { limits, type RateLimit } from './rate-limits';

export interface Collection {
  path: string;
  type: string;
  /** The scope an API key needs. */
  scope: string;
  limit: RateLimit;
  filters: AllowedFilters;
  /** A condition that must be there. */
  required?: string;
  sorts: readonly string[];
  /** The order when none is asked for. */
  usual: string;
  /** Null where the size of pages can't be chosen. */
  sizes: { usual: number; most: number } | null;
  /** Rows of a page where it can't be chosen. */
  fixedSize?: number;
  fields: readonly string[];
  includes: readonly string[];
  additional?: readonly string[];
}

const moments = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];

const list: readonly Collection[] = [
  {
    path: '/api/accounts', type: 'account', scope: 'accounts:read', limit: limits.XS,
    filters: {}, sorts: [], usual: 'id', sizes: null, fixedSize: 1, includes: [],
    fields: ['test_account', 'contact_information', 'industry', 'timezone', 'preferred_currency', 'public_api_key', 'locale'],
  },
  {
    path: '/api/metrics', type: 'metric', scope: 'metrics:read', limit: limits.M,
    filters: { 'integration.name': ['equals'], 'integration.category': ['equals'] },
    sorts: [], usual: 'id', sizes: null, fixedSize: 200, includes: ['flow-triggers'],
    fields: ['name', 'created', 'updated', 'integration'],
  },
  {
    path: '/api/lists', type: 'list', scope: 'lists:read', limit: limits.L,
    filters: { name: ['any', 'equals'], id: ['any', 'equals'], created: ['greater-than'], updated: ['greater-than'] },
    sorts: ['created', 'id', 'name', 'updated'], usual: 'id', sizes: { usual: 10, most: 10 },
    includes: ['flow-triggers', 'tags'], fields: ['name', 'created', 'updated', 'opt_in_process'],
  },
  {
    path: '/api/flows', type: 'flow', scope: 'flows:read', limit: limits.S,
    filters: {
      id: ['any'], name: ['contains', 'ends-with', 'equals', 'starts-with'], status: ['equals'], archived: ['equals'],
      created: ['equals', ...moments], updated: ['equals', ...moments], trigger_type: ['equals'],
    },
    sorts: ['created', 'id', 'name', 'status', 'trigger_type', 'updated'], usual: 'id', sizes: { usual: 50, most: 50 },
    includes: ['flow-actions', 'tags'], fields: ['name', 'status', 'archived', 'created', 'updated', 'trigger_type'],
  },
  {
    path: '/api/forms', type: 'form', scope: 'forms:read', limit: limits.S,
    filters: {
      id: ['any', 'equals'], name: ['any', 'contains', 'equals'], ab_test: ['equals'], updated_at: moments,
      created_at: moments, status: ['equals'],
    },
    sorts: ['created_at', 'updated_at'], usual: 'updated_at', sizes: { usual: 20, most: 100 }, includes: [],
    fields: ['name', 'status', 'ab_test', 'created_at', 'updated_at'],
  },
  {
    path: '/api/templates', type: 'template', scope: 'templates:read', limit: limits.L,
    filters: {
      id: ['any', 'equals'], name: ['any', 'contains', 'equals'], created: ['equals', ...moments], updated: ['equals', ...moments],
    },
    sorts: ['created', 'id', 'name', 'updated'], usual: 'id', sizes: { usual: 10, most: 10 }, includes: [],
    additional: ['definition'], fields: ['name', 'editor_type', 'html', 'text', 'amp', 'created', 'updated'],
  },
  {
    path: '/api/profiles', type: 'profile', scope: 'profiles:read', limit: limits.L,
    filters: {
      id: ['any', 'equals'], email: ['any', 'equals'], phone_number: ['any', 'equals'], external_id: ['any', 'equals'],
      created: ['greater-than', 'less-than'], updated: ['greater-than', 'less-than'],
    },
    sorts: ['created', 'email', 'id', 'updated'], usual: 'updated', sizes: { usual: 20, most: 100 },
    includes: ['conversation', 'push-tokens'], additional: ['subscriptions', 'predictive_analytics'],
    fields: [
      'email', 'phone_number', 'external_id', 'first_name', 'last_name', 'organization', 'locale', 'title', 'image',
      'created', 'updated', 'last_event_date', 'location', 'properties',
    ],
  },
  {
    path: '/api/campaigns', type: 'campaign', scope: 'campaigns:read', limit: limits.M,
    filters: {
      id: ['any'], 'messages.channel': ['equals'], name: ['contains'], status: ['any', 'equals'], archived: ['equals'],
      created_at: moments, scheduled_at: moments, updated_at: moments,
    },
    required: 'messages.channel', sorts: ['created_at', 'id', 'name', 'scheduled_at', 'updated_at'], usual: 'id',
    sizes: { usual: 100, most: 100 }, includes: ['campaign-messages', 'tags'],
    fields: [
      'name', 'status', 'archived', 'audiences', 'send_options', 'tracking_options', 'send_strategy', 'created_at',
      'scheduled_at', 'updated_at', 'send_time',
    ],
  },
  {
    path: '/api/events', type: 'event', scope: 'events:read', limit: limits.XL,
    filters: {
      metric_id: ['equals'], profile_id: ['equals'], profile: ['has'], metric: ['has'], datetime: moments, timestamp: moments,
    },
    sorts: ['datetime', 'timestamp'], usual: 'datetime', sizes: { usual: 200, most: 1_000 },
    includes: ['attributions', 'metric', 'profile'], fields: ['timestamp', 'event_properties', 'datetime', 'uuid'],
  },
]; // prettier-ignore

/** Klaviyo takes addresses with a slash at the end, too. */
export const collectionAt = (path: string): Collection | undefined =>
  list.find((collection) => collection.path === path.replace(/\/$/, ''));
