export type { StandInFault } from './faults';
export * from './stand-in';
export * from './google-identity';
export * from './klaviyo';
export * from './google-ad-manager';
export * from './actblue';
export * from './google-analytics';
export * from './google-ads';
export * from './meta-identity';
