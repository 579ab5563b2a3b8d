export * from './defaults';
export * from './problems';
export * from './states';
