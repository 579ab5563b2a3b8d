/** Pages of sources, under `/p/:projectId/sources`. */
import type { Routes } from '@angular/router';
import { keepUnsavedChanges } from '../dashboards/keep-unsaved-changes';

export const sourceRoutes: Routes = [
  { path: '', title: 'Sources', loadComponent: () => import('./sources-page').then((m) => m.SourcesPage) },
  {
    path: 'connections',
    title: 'Connections',
    loadComponent: () => import('../connections/connections-page').then((m) => m.ConnectionsPage),
  },
  {
    path: 'new',
    title: 'Add a source',
    loadComponent: () => import('./add/choose-connector-page').then((m) => m.ChooseConnectorPage),
  },
  {
    path: 'new/file',
    title: 'Add a file source',
    loadComponent: () => import('./add/add-file-page').then((m) => m.AddFilePage),
  },
  {
    path: 'new/:type',
    title: 'Connect a source',
    loadComponent: () => import('./connect/connect-page').then((m) => m.ConnectPage),
  },
  {
    path: ':sourceId',
    loadComponent: () => import('./source-page').then((m) => m.SourcePage),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'runs' },
      { path: 'runs', loadComponent: () => import('./runs/source-runs').then((m) => m.SourceRuns) },
      { path: 'tables', loadComponent: () => import('./tables/source-tables').then((m) => m.SourceTables) },
      {
        path: 'streams',
        loadComponent: () => import('./streams/source-streams').then((m) => m.SourceStreams),
      },
      {
        path: 'templates',
        loadComponent: () => import('./templates/source-templates').then((m) => m.SourceTemplates),
      },
      {
        path: 'settings',
        canDeactivate: [keepUnsavedChanges],
        loadComponent: () => import('./settings/source-settings').then((m) => m.SourceSettings),
      },
    ],
  },
];
