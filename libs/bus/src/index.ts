export * from './bus';
export * from './bus.module';
export { collectHandlers, Handles, type Delivery, type JobHandler } from './handler';
export type { ConsumerOptions } from './consumer';
export * from './pace/pacer';
export { PaceModule } from './pace/pace.module';
