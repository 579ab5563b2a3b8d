/** Connectors, sources and their syncs. */
import { z } from 'zod';
import * as d from '../dashboards';
import * as s from '../sources';
import { page, pageQuery } from '../values';
import type { Route } from './route';

const confirm = z.object({ confirm: z.enum(['true', 'false']).optional() });

export const sourceRoutes = {
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
    summary: 'Change a source; 409 with the tables that would go, unless confirmed',
    tag: 'sources',
    query: confirm,
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
  syncStatus: {
    method: 'GET',
    path: '/api/sync/status',
    summary: 'The worst source of the organization',
    tag: 'sources',
    response: d.syncStatus,
  },
} as const satisfies Record<string, Route>;
