/** Credentials, consent, templates and what vendors send by themselves. */
import { z } from 'zod';
import * as c from '../connections';
import { page } from '../values';
import type { Route } from './route';

export const connectionRoutes = {
  listConnections: {
    method: 'GET',
    path: '/api/connections',
    summary: 'Credentials that sources share',
    tag: 'connections',
    query: z.object({ provider: z.string().optional() }),
    response: page(c.connection),
  },
  createConnection: {
    method: 'POST',
    path: '/api/connections',
    summary: 'Store keys; consent by OAuth begins at /api/oauth/:provider/start',
    tag: 'connections',
    body: c.createConnection,
    response: c.connection,
    status: 201,
  },
  updateConnection: {
    method: 'PATCH',
    path: '/api/connections/:id',
    summary: 'Rename it, or give it new keys; its sources go on where they stopped',
    tag: 'connections',
    body: c.updateConnection,
    response: c.connection,
    ifMatch: true,
  },
  deleteConnection: {
    method: 'DELETE',
    path: '/api/connections/:id',
    summary: 'Forget the credentials; 409 with the sources that use them',
    tag: 'connections',
  },
  startConsent: {
    method: 'GET',
    path: '/api/oauth/:provider/start',
    summary: 'Send the browser to the provider for consent',
    tag: 'connections',
    query: c.oauthStart,
    status: 302,
  },
  endConsent: {
    method: 'GET',
    path: '/api/oauth/:provider/callback',
    summary: 'Where the provider sends the browser back',
    tag: 'connections',
    query: c.oauthCallback,
    status: 302,
  },
  listTemplates: {
    method: 'GET',
    path: '/api/data-sources/:id/templates',
    summary: 'Ready-made models and dashboards for a source',
    tag: 'sources',
    response: page(c.sourceTemplate),
  },
  addTemplate: {
    method: 'POST',
    path: '/api/data-sources/:id/templates/:name',
    summary: 'Add a template; what is there already stays as it is',
    tag: 'sources',
    body: c.addTemplate,
    response: c.addedTemplate,
    status: 201,
  },
  receiveHook: {
    method: 'POST',
    path: '/api/hooks/:connector/:sourceId',
    summary: 'What a vendor sends by itself; it signs in its own way',
    tag: 'sources',
    access: 'anybody',
    response: c.hookReceived,
  },
} as const satisfies Record<string, Route>;
