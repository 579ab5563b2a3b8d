export * from './dashboards';
export * from './identity';
export * from './lineage';
export * from './models';
export * from './routes';
export * from './schedule';
export * from './sources';
export * from './values';
