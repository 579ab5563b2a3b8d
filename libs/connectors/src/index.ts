export * from './kit/column';
export * from './kit/connector';
export type { ConnectorContext, ConnectorLog, Upload } from './kit/context';
export { createContext, type ContextOptions } from './kit/create-context';
export { defineConnector, type ConnectorDefinition } from './kit/define-connector';
export { createHttpClient } from './kit/http/http-client';
export type {
  HttpClient,
  HttpClientOptions,
  HttpFetch,
  HttpRequest,
  HttpResponse,
} from './kit/http/http-client';
export { inferColumns } from './kit/types/infer-columns';
export { connectors, findConnector } from './registry';
