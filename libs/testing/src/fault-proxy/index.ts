export { startFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy';
export type { ProxiedConnection } from './proxied-connection';
export type { ProxyMode } from './proxy-mode';
export { isRedisEnqueue } from './redis-replies';
