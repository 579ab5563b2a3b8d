export * from './bus';
export * from './bus.module';
export { collectHandlers, Handles, type Delivery, type JobHandler } from './handler';
export type { ConsumerOptions } from './consumer';
