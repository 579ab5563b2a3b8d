export type { StandInFault } from './faults';
export * from './stand-in';
