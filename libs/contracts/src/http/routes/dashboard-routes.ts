/** Dashboards, queries and events. */
import { z } from 'zod';
import * as d from '../dashboards';
import { page, pageQuery } from '../values';
import type { Route } from './route';

export const dashboardRoutes = {
  listDashboards: {
    method: 'GET',
    path: '/api/projects/:projectId/dashboards',
    summary: 'Dashboards of a project',
    tag: 'dashboards',
    query: pageQuery,
    response: page(d.dashboardSummary),
  },
  createDashboard: {
    method: 'POST',
    path: '/api/projects/:projectId/dashboards',
    summary: 'Create a dashboard',
    tag: 'dashboards',
    body: d.createDashboard,
    response: d.dashboard,
    status: 201,
  },
  getDashboard: {
    method: 'GET',
    path: '/api/dashboards/:id',
    summary: 'A dashboard and its charts',
    tag: 'dashboards',
    response: d.dashboard,
  },
  updateDashboard: {
    method: 'PATCH',
    path: '/api/dashboards/:id',
    summary: 'Change a dashboard',
    tag: 'dashboards',
    body: d.updateDashboard,
    response: d.dashboard,
    ifMatch: true,
  },
  deleteDashboard: {
    method: 'DELETE',
    path: '/api/dashboards/:id',
    summary: 'Delete a dashboard',
    tag: 'dashboards',
  },
  loadDashboard: {
    method: 'POST',
    path: '/api/dashboards/:id/data',
    summary: 'All charts from one consistent set of versions',
    tag: 'dashboards',
    body: d.loadDashboard,
    response: d.dashboardData,
  },
  runQuery: {
    method: 'POST',
    path: '/api/projects/:projectId/query',
    summary: 'Run a query over models and tables',
    tag: 'dashboards',
    body: d.runQuery,
    response: d.queryResult,
  },
  missedEvents: {
    method: 'GET',
    path: '/api/projects/:projectId/events',
    summary: 'Events after a seq',
    tag: 'events',
    query: z.object({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(200),
    }),
    response: d.missedEvents,
  },
} as const satisfies Record<string, Route>;
