/** Dashboards hold queries, never data (spec DB1). */
import { defineEntity, p } from '@mikro-orm/core';
import type { Cell, ChartInput as ChartShape, ChartOptions, ChartType } from '@freshet/contracts';

export const Dashboard = defineEntity({
  name: 'Dashboard',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string'),
    name: p.text(),
    slug: p.text(),
    description: p.text().nullable(),
    revision: p.integer().default(1),
    createdAt: p.datetime().onCreate(() => new Date()),
    updatedAt: p.datetime().onCreate(() => new Date()),
    deletedAt: p.datetime().nullable(),
  },
});

export const Chart = defineEntity({
  name: 'Chart',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    dashboardId: p.bigint('string'),
    title: p.text(),
    type: p.text().$type<ChartType>(),
    sql: p.text(),
    params: p.json<Cell[]>().onCreate(() => []),
    options: p.json<ChartOptions>().onCreate(() => ({})),
    layout: p.json<ChartShape['layout']>(),
    position: p.integer(),
  },
});

export const ChartInput = defineEntity({
  name: 'ChartInput',
  schema: 'app',
  properties: {
    chartId: p.bigint('string').primary(),
    kind: p.text().$type<'t' | 'm'>().primary(),
    inputId: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
  },
});
