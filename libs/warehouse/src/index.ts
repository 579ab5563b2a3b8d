export * from './names';
export * from './gate/parsed-query';
export * from './binding/bound-query';
export * from './readers/reader-types';
export { rolePassword } from './roles/role-password';
export * from './roles/provision-project';
export * from './roles/harden-database';
export * from './roles/drop-project-roles';
