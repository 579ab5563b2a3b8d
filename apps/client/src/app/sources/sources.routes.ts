/** Pages of sources, under `/p/:projectId/sources`. */
import type { Routes } from '@angular/router';

export const sourceRoutes: Routes = [
  { path: '', title: 'Sources', loadComponent: () => import('./sources-page').then((m) => m.SourcesPage) },
];
