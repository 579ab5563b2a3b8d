export type { StandInFault } from './faults';
export * from './stand-in';
export * from './google-identity';
export * from './klaviyo';
