export * from './backoff';
export * from './cascade-state';
export * from './due-time';
export * from './failures';
export * from './freshness';
export * from './graph';
export * from './impact';
export * from './input-vector';
export * from './heads';
export * from './publish-fence';
export { classOfTrigger, refreshClass, type ReadyModel } from './ranking';
export {
  isOwed,
  planDispatch,
  shouldRun,
  type DispatchOptions,
  type DispatchPlan,
  type RunDecision,
  type WaitingAsk,
  type WaitingModel,
} from './readiness';
export * from './set-fence';
export * from './silent-failure';
export * from './skip-reasons';
