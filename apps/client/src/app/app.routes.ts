/** The map of the client: each feature is loaded when it is first visited, and every page of a project lives under `/p/:projectId`. */
import type { Routes } from '@angular/router';
import { signedIn } from './session/signed-in';
import { knownProject } from './workspaces/known-project';
import { toWorkspace } from './workspaces/to-workspace';

export const appRoutes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in',
    loadComponent: () => import('./sign-in/sign-in-page').then((m) => m.SignInPage),
  },
  {
    path: '',
    canActivate: [signedIn],
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'workspaces' },
      {
        path: 'workspaces',
        title: 'Workspaces',
        canActivate: [toWorkspace],
        loadComponent: () => import('./workspaces/workspaces-page').then((m) => m.WorkspacesPage),
      },
      {
        path: 'p/:projectId',
        canActivate: [knownProject],
        loadComponent: () => import('./shell/shell').then((m) => m.Shell),
        children: [
          { path: '', pathMatch: 'full', redirectTo: 'sources' },
          {
            path: 'sources',
            loadChildren: () => import('./sources/sources.routes').then((m) => m.sourceRoutes),
          },
          { path: 'models', loadChildren: () => import('./models/models.routes').then((m) => m.modelRoutes) },
          {
            path: 'dashboards',
            loadChildren: () => import('./dashboards/dashboards.routes').then((m) => m.dashboardRoutes),
          },
          {
            path: 'cascades/:cascadeId',
            title: 'Cascade',
            loadComponent: () => import('./cascades/cascade-page').then((m) => m.CascadePage),
          },
          {
            path: '**',
            title: 'Not found',
            loadComponent: () => import('./not-found/not-found-page').then((m) => m.NotFoundPage),
          },
        ],
      },
      // The same pages without a project: the chooser comes first, then the page that was asked for (spec DB15).
      ...['sources', 'models', 'dashboards'].map((feature) => ({
        path: feature,
        children: [{ path: '**', canActivate: [toWorkspace], children: [] }],
      })),
    ],
  },
  {
    path: '**',
    title: 'Not found',
    loadComponent: () => import('./not-found/not-found-page').then((m) => m.NotFoundPage),
  },
];
