export * from './access/grant-access';
export { systemTables, tenantTables } from './access/tables';
export * from './control-plane';
export * from './control-plane.module';
export * from './entities';
export * from './migrations/migrate';
export * from './queries';
export * from './sql';
export type { EntityManager } from '@mikro-orm/postgresql';
