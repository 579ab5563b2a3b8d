export * from './kit/column';
export * from './kit/connector';
export * from './kit/context';
export * from './kit/http/http-client';
