/** Nodes and edges of the Graph API besides insights: which fields each has, and what is in them. */
import { refuseAsMeta } from '../meta-identity/graph-error';
import { invalid, listOf, type Parameters } from './parameters';
import {
  adSetsOf,
  adsOf,
  allAds,
  campaignsOf,
  timeOf,
  type Ad,
  type AdAccount,
  type AdSet,
  type Campaign,
  type World,
} from './world';

type Node = Record<string, unknown>;

export const chosen = (node: Node, fields: readonly string[], type: string): Node => {
  const unknown = fields.find((field) => !(field in node));
  if (unknown !== undefined) {
    throw refuseAsMeta({
      code: 100,
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (${type})`,
    });
  }
  return Object.fromEntries([['id', node['id']], ...fields.map((field) => [field, node[field]])]) as Node;
};

export const accountNode = ({ id, name, currency, timeZone }: AdAccount): Node => ({
  id: `act_${id}`,
  account_id: id,
  name,
  currency,
  timezone_name: timeZone,
  timezone_id: 1,
  account_status: 1,
  amount_spent: '1284550',
  business_name: 'Alder & Oak',
  created_time: timeOf(19_000),
});

const campaignNode = (campaign: Campaign): Node => ({
  id: campaign.id,
  account_id: campaign.account.id,
  name: campaign.name,
  objective: campaign.objective,
  status: campaign.status,
  effective_status: campaign.status,
  configured_status: campaign.status,
  buying_type: 'AUCTION',
  daily_budget: campaign.dailyBudget,
  lifetime_budget: null,
  start_time: timeOf(campaign.firstDay),
  stop_time: campaign.lastDay === null ? null : timeOf(campaign.lastDay),
  created_time: timeOf(campaign.firstDay - 2),
  updated_time: timeOf(
    campaign.status === 'ACTIVE' ? campaign.firstDay : (campaign.lastDay ?? campaign.firstDay),
  ),
});

/** Stopped campaigns stop what is in them. */
const inherited = ({ status }: Campaign): string => (status === 'PAUSED' ? 'CAMPAIGN_PAUSED' : status);

const adSetNode = (adSet: AdSet): Node => ({
  id: adSet.id,
  account_id: adSet.campaign.account.id,
  campaign_id: adSet.campaign.id,
  name: adSet.name,
  status: adSet.campaign.status === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE',
  effective_status: inherited(adSet.campaign),
  optimization_goal: adSet.goal,
  billing_event: 'IMPRESSIONS',
  daily_budget: null,
  lifetime_budget: null,
  bid_strategy: 'LOWEST_COST_WITHOUT_CAP',
  targeting: {
    age_min: 25,
    age_max: 54,
    geo_locations: { countries: [adSet.campaign.account.currency === 'EUR' ? 'DE' : 'US'] },
  },
  start_time: timeOf(adSet.campaign.firstDay),
  end_time: null,
  created_time: timeOf(adSet.campaign.firstDay - 1),
  updated_time: timeOf(adSet.campaign.firstDay),
});

const adNode = (ad: Ad): Node => ({
  id: ad.id,
  account_id: ad.adSet.campaign.account.id,
  campaign_id: ad.adSet.campaign.id,
  adset_id: ad.adSet.id,
  name: ad.name,
  status: ad.adSet.campaign.status === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE',
  effective_status: inherited(ad.adSet.campaign),
  creative: { id: ad.creative.id },
  created_time: timeOf(ad.adSet.campaign.firstDay),
  updated_time: timeOf(ad.adSet.campaign.firstDay),
});

const creativeNode = ({ creative, adSet }: Ad): Node => ({
  id: creative.id,
  account_id: adSet.campaign.account.id,
  name: creative.name,
  title: creative.title,
  body: creative.body,
  status: 'ACTIVE',
  object_type: 'SHARE',
  call_to_action_type: 'SHOP_NOW',
  link_url: creative.link,
  thumbnail_url: `https://example.com/creatives/${creative.id}.jpg`,
  image_url: `https://example.com/creatives/${creative.id}-large.jpg`,
});

interface Edge {
  type: string;
  /** Of `effective_status`; null where it can't be asked for. */
  statuses: readonly string[] | null;
  nodes(world: World, account: AdAccount, now: Date): Node[];
}

const common = ['ACTIVE', 'PAUSED', 'DELETED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'];

export const edges: Readonly<Record<string, Edge>> = {
  campaigns: {
    type: 'Campaign',
    statuses: common,
    nodes: (world, account, now) => campaignsOf(world, account, now).map(campaignNode),
  },
  adsets: {
    type: 'AdSet',
    statuses: [...common, 'CAMPAIGN_PAUSED'],
    nodes: (world, account, now) =>
      campaignsOf(world, account, now).flatMap((campaign) => adSetsOf(world, campaign).map(adSetNode)),
  },
  ads: {
    type: 'Ad',
    statuses: [
      ...common, 'CAMPAIGN_PAUSED', 'ADSET_PAUSED', 'DISAPPROVED', 'PENDING_REVIEW', 'PREAPPROVED', 'PENDING_BILLING_INFO',
    ], // prettier-ignore
    nodes: (world, account, now) =>
      campaignsOf(world, account, now)
        .flatMap((campaign) => adSetsOf(world, campaign))
        .flatMap((adSet) => adsOf(world, adSet).map(adNode)),
  },
  adcreatives: {
    type: 'AdCreative',
    statuses: null,
    nodes: (world, account, now) => allAds(world, account, now).map(creativeNode),
  },
};

/** Meta leaves archived ones out unless they are asked for. */
export const rowsOf = (
  edge: Edge,
  world: World,
  account: AdAccount,
  parameters: Parameters,
  now: Date,
): Node[] => {
  const wanted = listOf(parameters, 'effective_status');
  const strange = wanted.find((status) => !edge.statuses?.includes(status));
  if (strange !== undefined) {
    throw invalid(
      `Param effective_status[0] must be one of {${(edge.statuses ?? []).join(', ')}}, got "${strange}"`,
    );
  }
  const fields = listOf(parameters, 'fields');
  const nodes = edge.nodes(world, account, now);
  const seen = edge.statuses
    ? nodes.filter(({ effective_status: status }) =>
        wanted.length > 0 ? wanted.includes(String(status)) : status !== 'ARCHIVED',
      )
    : nodes;
  if (nodes.length === 0) return [];
  return seen.map((node) => chosen(node, fields, edge.type));
};
