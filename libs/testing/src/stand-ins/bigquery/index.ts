export * from './bigquery';
export type { BigQueryReason } from './bigquery-error';
export { ServiceAccount, type ServiceAccountKey } from './service-account';
export { projectId as bigQueryProject } from './tables';
