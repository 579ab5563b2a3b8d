export * from './google-ad-manager';
export { sandboxNetworks, type SandboxNetwork } from './networks';
export type { AdManagerQuotas } from './quota';
export type { ReportFailure } from './report-jobs';
export type { AdManagerStream, TruthRow as AdManagerTruthRow } from './truth';
