/** Models, their rows and versions. */
import { z } from 'zod';
import * as m from '../models';
import * as v from '../versions';
import { page, pageQuery } from '../values';
import type { Route } from './route';

const confirm = z.object({ confirm: z.enum(['true', 'false']).optional() });

export const modelRoutes = {
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
    /** `repair=true`: a new name is written into the queries that read it; without, such a change is refused. */
    query: z.object({ repair: z.enum(['true', 'false']).optional() }),
    body: m.updateModel,
    response: m.model.extend({ repaired: m.renameRepair.optional() }),
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
    response: page(v.modelVersion),
  },
} as const satisfies Record<string, Route>;
