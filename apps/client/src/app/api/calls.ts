/** The REST calls this client makes, as literals that the compiler holds to the catalogue in the contracts; so no schema is shipped to browsers. */
import type { RouteName, Routes } from '@freshet/contracts';

type Call<N extends RouteName> = `${Routes[N]['method']} ${Routes[N]['path']}`;

export const calls = {
  signIn: 'POST /api/auth/sign-in',
  signOut: 'POST /api/auth/sign-out',
  me: 'GET /api/auth/me',
  setUpState: 'GET /api/auth/set-up',
  setUp: 'POST /api/auth/set-up',

  createProject: 'POST /api/projects',
  updateProject: 'PATCH /api/projects/:projectId',

  listConnectors: 'GET /api/connectors',
  checkSource: 'POST /api/data-sources/check',
  discoverSource: 'POST /api/data-sources/discover',
  listSources: 'GET /api/projects/:projectId/data-sources',
  createSource: 'POST /api/projects/:projectId/data-sources',
  getSource: 'GET /api/data-sources/:id',
  updateSource: 'PATCH /api/data-sources/:id',
  deleteSource: 'DELETE /api/data-sources/:id',
  startSync: 'POST /api/data-sources/:id/sync',
  listSourceRuns: 'GET /api/data-sources/:id/runs',
  listSourceTables: 'GET /api/data-sources/:id/tables',
  getSyncRun: 'GET /api/sync-runs/:id',
  cancelSyncRun: 'POST /api/sync-runs/:id/cancel',
  releaseSyncRun: 'POST /api/sync-runs/:id/release',
  listRejects: 'GET /api/sync-runs/:id/rejects',

  listTemplates: 'GET /api/data-sources/:id/templates',
  addTemplate: 'POST /api/data-sources/:id/templates/:name',
  listConnections: 'GET /api/connections',
  updateConnection: 'PATCH /api/connections/:id',
  deleteConnection: 'DELETE /api/connections/:id',

  previewModel: 'POST /api/projects/:projectId/data-models/preview',
  listModels: 'GET /api/projects/:projectId/data-models',
  createModel: 'POST /api/projects/:projectId/data-models',
  getModel: 'GET /api/data-models/:id',
  updateModel: 'PATCH /api/data-models/:id',
  deleteModel: 'DELETE /api/data-models/:id',
  getModelRows: 'GET /api/data-models/:id/rows',
  listModelVersions: 'GET /api/data-models/:id/versions',
  rollbackModel: 'POST /api/data-models/:id/rollback',
  releaseModel: 'POST /api/data-models/:id/release',
  promoteModel: 'POST /api/data-models/:id/promote',
  diffModelVersions: 'GET /api/data-models/:id/versions/:from/diff/:to',

  refreshModel: 'POST /api/refresh/data-model/:id',
  refreshBelowSource: 'POST /api/refresh/cascade/:sourceId',
  getRefresh: 'GET /api/refreshes/:id',
  cancelRefresh: 'POST /api/refreshes/:id/cancel',
  refreshStatus: 'GET /api/refresh/status',
  modelRefreshHistory: 'GET /api/refresh/history/:modelId',
  listCascades: 'GET /api/projects/:projectId/cascades',
  getCascade: 'GET /api/cascades/:id',
  impact: 'GET /api/projects/:projectId/impact',

  listDashboards: 'GET /api/projects/:projectId/dashboards',
  createDashboard: 'POST /api/projects/:projectId/dashboards',
  getDashboard: 'GET /api/dashboards/:id',
  updateDashboard: 'PATCH /api/dashboards/:id',
  deleteDashboard: 'DELETE /api/dashboards/:id',
  loadDashboard: 'POST /api/dashboards/:id/data',
  runQuery: 'POST /api/projects/:projectId/query',

  missedEvents: 'GET /api/projects/:projectId/events',
} as const satisfies { [N in RouteName]?: Call<N> };

export type CallName = keyof typeof calls;

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** The `:name`s of a call's path; `{}` when it has none. */
export type ParamsOf<N extends CallName> = Record<ParamNames<(typeof calls)[N]>, string>;

/** Method and URL of a call with its parameters filled in. */
export const target = <N extends CallName>(name: N, params: ParamsOf<N>): { method: string; url: string } => {
  const [method = 'GET', path = ''] = calls[name].split(' ');
  const values: Record<string, string> = params;
  const url = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(values[key] ?? ''));
  return { method, url };
};
