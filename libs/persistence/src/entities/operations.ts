/** Who did what, and what is being looked at. */
import { defineEntity, p } from '@mikro-orm/core';

export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string').nullable(),
    at: p.datetime().onCreate(() => new Date()),
    principal: p.text(),
    action: p.text(),
    subjectKind: p.text(),
    subjectId: p.bigint('string'),
    details: p.json<Record<string, unknown>>().onCreate(() => ({})),
  },
});

export const DashboardWatch = defineEntity({
  name: 'DashboardWatch',
  schema: 'app',
  properties: {
    dashboardId: p.bigint('string').primary(),
    gateway: p.text().primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string'),
    until: p.datetime(),
  },
});
