/** The pages of data models, under `/p/:projectId/models`. */
import type { Routes } from '@angular/router';
import { keepUnsavedChanges } from '../dashboards/keep-unsaved-changes';

export const modelRoutes: Routes = [
  { path: '', title: 'Models', loadComponent: () => import('./model-list').then((m) => m.ModelList) },
  {
    path: 'new',
    title: 'New model',
    canDeactivate: [keepUnsavedChanges],
    loadComponent: () => import('./model-editor').then((m) => m.ModelEditor),
  },
  { path: ':modelId', title: 'Model', loadComponent: () => import('./model-page').then((m) => m.ModelPage) },
  {
    path: ':modelId/edit',
    title: 'Edit model',
    canDeactivate: [keepUnsavedChanges],
    loadComponent: () => import('./model-editor').then((m) => m.ModelEditor),
  },
];
