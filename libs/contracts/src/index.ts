export * from './defaults';
export * from './events';
export * from './flow';
export * from './http';
export * from './jobs';
export * from './problems';
export * from './states';
