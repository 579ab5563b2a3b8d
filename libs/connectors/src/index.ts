export * from './kit/column';
export * from './kit/connector';
export type {
  AccessTokens,
  ConnectorContext,
  ConnectorLog,
  Pace,
  Pacer,
  Upload,
  VendorSettings,
} from './kit/context';
export { accessTokens, type Grant, type GrantStore } from './kit/access-tokens';
export { createContext, type ContextOptions } from './kit/create-context';
export { defineApiConnector, type ApiConnectorDefinition } from './kit/api/define-api-connector';
export { byDays, streamDefaults, type ApiRequest, type ApiStream } from './kit/api/api-stream';
export { defineConnector, type ConnectorDefinition } from './kit/define-connector';
export { createHttpClient } from './kit/http/http-client';
export type {
  HttpClient,
  HttpClientOptions,
  HttpFetch,
  HttpRequest,
  HttpResponse,
} from './kit/http/http-client';
export * from './kit/passes';
export { Spool } from './kit/spool';
export * from './kit/template';
export { inferColumns } from './kit/types/infer-columns';
export { connectors, findConnector } from './registry';
export * from './oauth';
