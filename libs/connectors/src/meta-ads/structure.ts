/** What there is in an ad account: campaigns, ad sets, ads and creatives, each list read whole, put away or not. */
import { streamDefaults } from '../kit/api/api-stream';
import type { ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import { nodeOf, numberOf, type MetaStream } from './config';
import { changedMeanwhile, readPages, type MetaRecord } from './meta-api';

interface WholeList {
  name: string;
  /** As the Graph API calls the list. */
  edge: string;
  description: string;
  columns: readonly Column[];
  /** Meta's names of the fields; a column is filled from the field of its name. */
  fields: readonly string[];
  /** Without them, Meta leaves out what was put away. */
  statuses: readonly string[] | null;
  row?(record: MetaRecord): ApiRow;
}

const wholeList = ({
  name,
  edge,
  description,
  columns,
  fields,
  statuses,
  row,
}: WholeList): MetaStream<MetaRecord[]> => ({
  ...streamDefaults,
  mode: 'replace-all',
  name,
  description,
  key: ['id'],
  columns,
  async *pages({ config }, context) {
    const account = nodeOf(config);
    const pages = readPages({
      context,
      account,
      limit: 200,
      halves: true,
      path: [account, edge],
      fields,
      parameters: statuses ? { effective_status: statuses } : {},
      identity: ({ id }) => String(id),
    });
    for await (const records of pages) {
      const isStrange = records.some(
        (record) => record['account_id'] !== numberOf(config.adAccount) || record['id'] === undefined,
      );
      if (isStrange) throw changedMeanwhile('answered with something of another ad account');
      yield { body: records };
    }
  },
  rows: (records) => records.map((record) => ({ ...record, ...row?.(record) })),
});

const text = (name: string): Column => ({ name, type: 'text' });
const time = (name: string): Column => ({ name, type: 'timestamp' });
const json = (name: string): Column => ({ name, type: 'json' });
const money = (name: string): Column => ({ name, type: 'numeric' });

const common = ['ACTIVE', 'PAUSED', 'DELETED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'];

/** Meta writes budgets in hundredths: as they come, not divided, since some currencies have no hundredths. */
export const campaigns = wholeList({
  name: 'campaigns',
  edge: 'campaigns',
  description: 'One row a campaign, with its objective, status and budget.',
  columns: [
    text('id'), text('account_id'), text('name'), text('objective'), text('status'), text('effective_status'), text('buying_type'),
    money('daily_budget_minor'), money('lifetime_budget_minor'), time('start_time'), time('stop_time'), time('created_time'), time('updated_time'),
  ], // prettier-ignore
  fields: [
    'id', 'account_id', 'name', 'objective', 'status', 'effective_status', 'buying_type', 'daily_budget', 'lifetime_budget',
    'start_time', 'stop_time', 'created_time', 'updated_time',
  ], // prettier-ignore
  statuses: common,
  row: (record) => ({
    daily_budget_minor: record['daily_budget'],
    lifetime_budget_minor: record['lifetime_budget'],
  }),
});

export const adSets = wholeList({
  name: 'ad_sets',
  edge: 'adsets',
  description: 'One row an ad set, with its goal, targeting and budget.',
  columns: [
    text('id'), text('account_id'), text('campaign_id'), text('name'), text('status'), text('effective_status'), text('optimization_goal'),
    text('billing_event'), text('bid_strategy'), money('daily_budget_minor'), money('lifetime_budget_minor'), json('targeting'),
    time('start_time'), time('end_time'), time('created_time'), time('updated_time'),
  ], // prettier-ignore
  fields: [
    'id', 'account_id', 'campaign_id', 'name', 'status', 'effective_status', 'optimization_goal', 'billing_event', 'bid_strategy',
    'daily_budget', 'lifetime_budget', 'targeting', 'start_time', 'end_time', 'created_time', 'updated_time',
  ], // prettier-ignore
  statuses: [...common, 'CAMPAIGN_PAUSED'],
  row: (record) => ({
    daily_budget_minor: record['daily_budget'],
    lifetime_budget_minor: record['lifetime_budget'],
  }),
});

export const ads = wholeList({
  name: 'ads',
  edge: 'ads',
  description: 'One row an ad, with the creative it shows.',
  columns: [
    text('id'), text('account_id'), text('campaign_id'), text('adset_id'), text('creative_id'), text('name'), text('status'),
    text('effective_status'), time('created_time'), time('updated_time'),
  ], // prettier-ignore
  fields: [
    'id', 'account_id', 'campaign_id', 'adset_id', 'creative', 'name', 'status', 'effective_status', 'created_time', 'updated_time',
  ], // prettier-ignore
  statuses: [
    ...common, 'CAMPAIGN_PAUSED', 'ADSET_PAUSED', 'DISAPPROVED', 'PENDING_REVIEW', 'PREAPPROVED', 'PENDING_BILLING_INFO',
  ], // prettier-ignore
  row: ({ creative }) => ({ creative_id: (creative as { id?: unknown } | null | undefined)?.id }),
});

export const creatives = wholeList({
  name: 'creatives',
  edge: 'adcreatives',
  description: 'One row a creative: its text, its picture and where it leads.',
  columns: [
    text('id'), text('account_id'), text('name'), text('title'), text('body'), text('status'), text('object_type'),
    text('call_to_action_type'), text('link_url'), text('thumbnail_url'), text('image_url'),
  ], // prettier-ignore
  fields: [
    'id', 'account_id', 'name', 'title', 'body', 'status', 'object_type', 'call_to_action_type', 'link_url', 'thumbnail_url', 'image_url',
  ], // prettier-ignore
  statuses: null,
});
