/**
 * Every REST call in one catalogue: the gateway validates by it, OpenAPI is generated from it, the client is typed by it.
 * A test in the gateway proves that each has exactly one handler.
 */
import { z } from 'zod';
import * as d from './dashboards';
import * as i from './identity';
import * as m from './models';
import * as s from './sources';
import { id, page, pageQuery, time } from './values';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Whole path; parameters as `:name`. */
  path: string;
  summary: string;
  tag: string;
  /** Who may call: anybody, a signed-in principal (default), or an operator. */
  access?: 'anybody' | 'operator';
  body?: z.ZodType;
  query?: z.ZodType;
  response?: z.ZodType;
  /** HTTP status of success; 200, or 204 without a response. */
  status?: number;
  /** Needs `If-Match: <revision>` and answers 412 when that is not the current one. */
  ifMatch?: boolean;
}

const confirm = z.object({ confirm: z.enum(['true', 'false']).optional() });

export const routes = {
  signIn: {
    method: 'POST',
    path: '/api/auth/sign-in',
    summary: 'Sign in; sets the session cookie',
    tag: 'auth',
    access: 'anybody',
    body: i.signIn,
    response: i.me,
  },
  signOut: { method: 'POST', path: '/api/auth/sign-out', summary: 'End this session', tag: 'auth' },
  me: {
    method: 'GET',
    path: '/api/auth/me',
    summary: 'The caller and its workspaces',
    tag: 'auth',
    response: i.me,
  },
  setUpState: {
    method: 'GET',
    path: '/api/auth/set-up',
    summary: 'Whether the first owner is still to be created',
    tag: 'auth',
    access: 'anybody',
    response: i.setUpState,
  },
  setUp: {
    method: 'POST',
    path: '/api/auth/set-up',
    summary: 'Create the first organization and its owner; 404 afterwards',
    tag: 'auth',
    access: 'anybody',
    body: i.setUp,
    response: i.me,
    status: 201,
  },

  listProjects: {
    method: 'GET',
    path: '/api/projects',
    summary: 'Projects of the organization',
    tag: 'organization',
    query: pageQuery,
    response: page(i.project),
  },
  createProject: {
    method: 'POST',
    path: '/api/projects',
    summary: 'Create a project',
    tag: 'organization',
    body: i.createProject,
    response: i.project,
    status: 201,
  },
  listApiKeys: {
    method: 'GET',
    path: '/api/api-keys',
    summary: 'API keys of the organization',
    tag: 'organization',
    query: pageQuery,
    response: page(i.apiKey),
  },
  createApiKey: {
    method: 'POST',
    path: '/api/api-keys',
    summary: 'Create an API key; it is shown once',
    tag: 'organization',
    body: i.createApiKey,
    response: i.createdApiKey,
    status: 201,
  },
  deleteApiKey: {
    method: 'DELETE',
    path: '/api/api-keys/:id',
    summary: 'Revoke an API key',
    tag: 'organization',
  },

  listConnectors: {
    method: 'GET',
    path: '/api/connectors',
    summary: 'Connectors that can be added',
    tag: 'sources',
    response: page(s.connector),
  },
  checkSource: {
    method: 'POST',
    path: '/api/data-sources/check',
    summary: 'Test a connection, step by step',
    tag: 'sources',
    body: s.checkSource,
    response: s.checkResult,
  },
  discoverSource: {
    method: 'POST',
    path: '/api/data-sources/discover',
    summary: 'What there is to choose from',
    tag: 'sources',
    body: s.checkSource,
    response: s.discoverResult,
  },
  listSources: {
    method: 'GET',
    path: '/api/projects/:projectId/data-sources',
    summary: 'Sources of a project',
    tag: 'sources',
    query: pageQuery,
    response: page(s.source),
  },
  createSource: {
    method: 'POST',
    path: '/api/projects/:projectId/data-sources',
    summary: 'Add a source; its first sync starts',
    tag: 'sources',
    body: s.createSource,
    response: s.source,
    status: 201,
  },
  getSource: {
    method: 'GET',
    path: '/api/data-sources/:id',
    summary: 'A source',
    tag: 'sources',
    response: s.source,
  },
  updateSource: {
    method: 'PATCH',
    path: '/api/data-sources/:id',
    summary: 'Change a source',
    tag: 'sources',
    body: s.updateSource,
    response: s.source,
    ifMatch: true,
  },
  deleteSource: {
    method: 'DELETE',
    path: '/api/data-sources/:id',
    summary: 'Delete a source; 409 with its dependents unless confirmed',
    tag: 'sources',
    query: confirm,
  },
  startSync: {
    method: 'POST',
    path: '/api/data-sources/:id/sync',
    summary: 'Sync now, or join the run under way',
    tag: 'sources',
    body: s.startSync,
    response: s.syncAccepted,
    status: 202,
  },
  listSourceRuns: {
    method: 'GET',
    path: '/api/data-sources/:id/runs',
    summary: 'Sync runs of a source, newest first',
    tag: 'sources',
    query: pageQuery,
    response: page(s.syncRun),
  },
  listSourceTables: {
    method: 'GET',
    path: '/api/data-sources/:id/tables',
    summary: 'Tables of a source',
    tag: 'sources',
    response: page(s.sourceTable),
  },
  getSyncRun: {
    method: 'GET',
    path: '/api/sync-runs/:id',
    summary: 'A sync run',
    tag: 'sources',
    response: s.syncRun,
  },
  cancelSyncRun: {
    method: 'POST',
    path: '/api/sync-runs/:id/cancel',
    summary: 'Cancel a sync run',
    tag: 'sources',
    response: s.syncRun,
  },
  listRejects: {
    method: 'GET',
    path: '/api/sync-runs/:id/rejects',
    summary: 'Rows that could not be loaded, and why',
    tag: 'sources',
    query: pageQuery,
    response: page(s.reject),
  },

  previewModel: {
    method: 'POST',
    path: '/api/projects/:projectId/data-models/preview',
    summary: 'Run a query for its first rows and its upstream',
    tag: 'models',
    body: m.previewQuery,
    response: m.previewResult,
  },
  listModels: {
    method: 'GET',
    path: '/api/projects/:projectId/data-models',
    summary: 'Models of a project',
    tag: 'models',
    query: pageQuery,
    response: page(m.model),
  },
  createModel: {
    method: 'POST',
    path: '/api/projects/:projectId/data-models',
    summary: 'Create a model; its first build is dispatched',
    tag: 'models',
    body: m.createModel,
    response: m.model,
    status: 201,
  },
  getModel: {
    method: 'GET',
    path: '/api/data-models/:id',
    summary: 'A model',
    tag: 'models',
    response: m.model,
  },
  updateModel: {
    method: 'PATCH',
    path: '/api/data-models/:id',
    summary: 'Change a model',
    tag: 'models',
    body: m.updateModel,
    response: m.model,
    ifMatch: true,
  },
  deleteModel: {
    method: 'DELETE',
    path: '/api/data-models/:id',
    summary: 'Delete a model; 409 with its dependents unless confirmed',
    tag: 'models',
    query: confirm,
  },
  getModelRows: {
    method: 'GET',
    path: '/api/data-models/:id/rows',
    summary: 'Rows of a version',
    tag: 'models',
    query: pageQuery.extend({
      search: z.string().optional(),
      sort: z.string().optional(),
      version: z.coerce.number().int().optional(),
    }),
    response: m.modelRows,
  },
  listModelVersions: {
    method: 'GET',
    path: '/api/data-models/:id/versions',
    summary: 'Versions kept of a model',
    tag: 'models',
    response: page(m.modelVersion),
  },

  refreshModel: {
    method: 'POST',
    path: '/api/refresh/data-model/:id',
    summary: 'Refresh a model now',
    tag: 'refresh',
    body: m.requestRefresh,
    response: m.refreshAccepted,
    status: 202,
  },
  refreshBelowSource: {
    method: 'POST',
    path: '/api/refresh/cascade/:sourceId',
    summary: 'Refresh all models below a source',
    tag: 'refresh',
    response: m.cascadeAccepted,
    status: 202,
  },
  getRefresh: {
    method: 'GET',
    path: '/api/refreshes/:id',
    summary: 'A refresh',
    tag: 'refresh',
    response: m.refresh,
  },
  cancelRefresh: {
    method: 'POST',
    path: '/api/refreshes/:id/cancel',
    summary: 'Cancel a refresh',
    tag: 'refresh',
    response: m.refresh,
  },
  refreshStatus: {
    method: 'GET',
    path: '/api/refresh/status',
    summary: 'What is running, queued and owed',
    tag: 'refresh',
    response: m.refreshState,
  },
  refreshHistory: {
    method: 'GET',
    path: '/api/refresh/history',
    summary: 'Refreshes of the organization, newest first',
    tag: 'refresh',
    query: pageQuery,
    response: page(m.refresh),
  },
  modelRefreshHistory: {
    method: 'GET',
    path: '/api/refresh/history/:modelId',
    summary: 'Refreshes of a model, newest first',
    tag: 'refresh',
    query: pageQuery,
    response: page(m.refresh),
  },
  listCascades: {
    method: 'GET',
    path: '/api/projects/:projectId/cascades',
    summary: 'Cascades, newest first',
    tag: 'refresh',
    query: pageQuery,
    response: page(m.cascade),
  },
  getCascade: {
    method: 'GET',
    path: '/api/cascades/:id',
    summary: 'A cascade and what became of each model',
    tag: 'refresh',
    response: m.cascade,
  },
  impact: {
    method: 'GET',
    path: '/api/projects/:projectId/impact',
    summary: 'What a sync or a change would refresh',
    tag: 'refresh',
    query: z.object({ sourceId: id.optional(), modelId: id.optional() }),
    response: m.impact,
  },

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
  syncStatus: {
    method: 'GET',
    path: '/api/sync/status',
    summary: 'The worst source of the organization',
    tag: 'sources',
    response: d.syncStatus,
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;

/** What a call answers. */
export type ResponseOf<N extends RouteName> = Routes[N] extends { response: infer R extends z.ZodType }
  ? z.infer<R>
  : void;
/** What a call takes, as the caller writes it (defaults may be left out). */
export type BodyOf<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : undefined;

/** Health of one service, the same for all four. */
export const health = z.object({
  status: z.enum(['ok', 'error']),
  service: z.string(),
  checks: z.record(z.string(), z.object({ status: z.string() })),
  at: time,
});
