/** Signing in, the caller, projects and keys. */
import * as i from '../identity';
import { page, pageQuery } from '../values';
import type { Route } from './route';

export const identityRoutes = {
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
} as const satisfies Record<string, Route>;
