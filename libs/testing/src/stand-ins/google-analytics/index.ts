export * from './google-analytics';
export {
  defaultProperties as defaultAnalyticsProperties,
  manyProperties,
  sandboxProperties,
  type AnalyticsProperty,
} from './properties';
export { standardQuotas as standardAnalyticsQuotas, type QuotaName as AnalyticsQuotaName } from './quotas';
export type { ReportRow as AnalyticsReportRow } from './report';
