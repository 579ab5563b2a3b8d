export * from './postgres/use-postgres';
export type { DatabaseTemplate } from './postgres/template';
export * from './redis/use-redis';
export * from './timing/signal';
export * from './timing/test-clock';
export * from './timing/wait-for';
export * from './processes/free-port';
export * from './services/failpoints';
export * from './services/spawn-service';
