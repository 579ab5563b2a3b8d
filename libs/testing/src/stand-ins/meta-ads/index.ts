export { sandboxAdAccounts, startMetaAds, type MetaAdsOptions, type MetaAdsStandIn } from './meta-ads';
export type { MetaStream, MetaTruth } from './truth';
