export * from './backoff';
export * from './cascade-state';
export * from './due-time';
export * from './freshness';
export * from './graph';
export * from './input-vector';
export * from './publish-fence';
export { classOfTrigger, refreshClass, type ReadyModel } from './ranking';
export {
  isOwed,
  planDispatch,
  shouldRun,
  type DispatchOptions,
  type DispatchPlan,
  type RunDecision,
  type WaitingModel,
} from './readiness';
export * from './skip-reasons';
