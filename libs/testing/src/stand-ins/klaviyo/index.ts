export { klaviyoRevision, startKlaviyo, type KlaviyoOptions, type KlaviyoStandIn } from './klaviyo';
export type { KlaviyoStream, KlaviyoTruth } from './truth';
