/** Tenants and the keys to them. Users and sessions are no entities: only the authentication functions reach them. */
import { defineEntity, p } from '@mikro-orm/core';
import type { ProjectLimits, Role } from '@freshet/contracts';

export const Organization = defineEntity({
  name: 'Organization',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    name: p.text(),
    slug: p.text(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export const Project = defineEntity({
  name: 'Project',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    name: p.text(),
    slug: p.text(),
    seq: p.bigint('number').default(0),
    publishMode: p.text().$type<'each' | 'together'>().default('each'),
    limits: p.json<ProjectLimits>().onCreate(() => ({})),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export const Membership = defineEntity({
  name: 'Membership',
  schema: 'app',
  properties: {
    organizationId: p.bigint('string').primary(),
    userId: p.bigint('string').primary(),
    role: p.text().$type<Role>(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export const ApiKey = defineEntity({
  name: 'ApiKey',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    name: p.text(),
    prefix: p.text(),
    keyHash: p.blob(),
    role: p.text().$type<Role>().default('editor'),
    createdBy: p.bigint('string').nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
    lastUsedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
});
