/** Which version of a model readers see, and how versions differ. */
import * as m from '../models';
import * as v from '../versions';
import type { Route } from './route';

export const versionRoutes = {
  rollbackModel: {
    method: 'POST',
    path: '/api/data-models/:id/rollback',
    summary: 'Show an earlier version at once, and keep it until released',
    tag: 'models',
    body: v.chooseVersion,
    response: m.model,
  },
  releaseModel: {
    method: 'POST',
    path: '/api/data-models/:id/release',
    summary: 'End a rollback: the latest build is published',
    tag: 'models',
    response: m.model,
  },
  promoteModel: {
    method: 'POST',
    path: '/api/data-models/:id/promote',
    summary: 'Publish a shadow build',
    tag: 'models',
    body: v.chooseVersion,
    response: m.model,
  },
  diffModelVersions: {
    method: 'GET',
    path: '/api/data-models/:id/versions/:from/diff/:to',
    summary: 'How two versions differ: rows, columns, samples',
    tag: 'models',
    response: v.versionDiff,
  },
} as const satisfies Record<string, Route>;
