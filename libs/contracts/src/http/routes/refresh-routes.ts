/** Refreshes and cascades. */
import { z } from 'zod';
import * as c from '../cascades';
import * as r from '../refreshes';
import { id, page, pageQuery } from '../values';
import type { Route } from './route';

export const refreshRoutes = {
  refreshModel: {
    method: 'POST',
    path: '/api/refresh/data-model/:id',
    summary: 'Refresh a model now',
    tag: 'refresh',
    body: r.requestRefresh,
    response: r.refreshAccepted,
    status: 202,
  },
  refreshBelowSource: {
    method: 'POST',
    path: '/api/refresh/cascade/:sourceId',
    summary: 'Refresh all models below a source',
    tag: 'refresh',
    response: c.cascadeAccepted,
    status: 202,
  },
  getRefresh: {
    method: 'GET',
    path: '/api/refreshes/:id',
    summary: 'A refresh',
    tag: 'refresh',
    response: r.refresh,
  },
  cancelRefresh: {
    method: 'POST',
    path: '/api/refreshes/:id/cancel',
    summary: 'Cancel a refresh',
    tag: 'refresh',
    response: r.refresh,
  },
  refreshStatus: {
    method: 'GET',
    path: '/api/refresh/status',
    summary: 'What is running, queued and owed',
    tag: 'refresh',
    response: r.refreshState,
  },
  modelRefreshStatus: {
    method: 'GET',
    path: '/api/refresh/status/:modelId',
    summary: 'The same of one model',
    tag: 'refresh',
    response: r.refreshState,
  },
  refreshHistory: {
    method: 'GET',
    path: '/api/refresh/history',
    summary: 'Refreshes of the organization, newest first',
    tag: 'refresh',
    query: pageQuery,
    response: page(r.refresh),
  },
  modelRefreshHistory: {
    method: 'GET',
    path: '/api/refresh/history/:modelId',
    summary: 'Refreshes of a model, newest first',
    tag: 'refresh',
    query: pageQuery,
    response: page(r.refresh),
  },
  listCascades: {
    method: 'GET',
    path: '/api/projects/:projectId/cascades',
    summary: 'Cascades, newest first',
    tag: 'refresh',
    query: pageQuery,
    response: page(c.cascade),
  },
  getCascade: {
    method: 'GET',
    path: '/api/cascades/:id',
    summary: 'A cascade and what became of each model',
    tag: 'refresh',
    response: c.cascade,
  },
  impact: {
    method: 'GET',
    path: '/api/projects/:projectId/impact',
    summary: 'What a sync or a change would refresh',
    tag: 'refresh',
    query: z.object({ sourceId: id.optional(), modelId: id.optional() }),
    response: c.impact,
  },
} as const satisfies Record<string, Route>;
