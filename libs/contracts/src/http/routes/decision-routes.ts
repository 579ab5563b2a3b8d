/** Decisions of people about what is shown: how a project publishes, and whether a held run goes through. */
import * as i from '../identity';
import * as s from '../sources';
import type { Route } from './route';

export const decisionRoutes = {
  updateProject: {
    method: 'PATCH',
    path: '/api/projects/:projectId',
    summary: 'Rename a project, choose how its models are published, or limit what its statements may take',
    tag: 'organization',
    body: i.updateProject,
    response: i.project,
  },
  releaseSyncRun: {
    method: 'POST',
    path: '/api/sync-runs/:id/release',
    summary: 'Let a held run through: what reads its tables is refreshed',
    tag: 'sources',
    response: s.syncRun,
  },
} as const satisfies Record<string, Route>;
