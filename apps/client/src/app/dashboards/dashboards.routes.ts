/** The pages of dashboards, under `/p/:projectId/dashboards`. */
import type { Routes } from '@angular/router';
import { keepUnsavedChanges } from './keep-unsaved-changes';

export const dashboardRoutes: Routes = [
  {
    path: '',
    title: 'Dashboards',
    loadComponent: () => import('./dashboard-list').then((m) => m.DashboardList),
  },
  {
    path: 'new',
    title: 'New dashboard',
    canDeactivate: [keepUnsavedChanges],
    loadComponent: () => import('./dashboard-editor').then((m) => m.DashboardEditor),
  },
  {
    path: ':dashboardId',
    title: 'Dashboard',
    loadComponent: () => import('./dashboard-page').then((m) => m.DashboardPage),
  },
  {
    path: ':dashboardId/edit',
    title: 'Edit dashboard',
    canDeactivate: [keepUnsavedChanges],
    loadComponent: () => import('./dashboard-editor').then((m) => m.DashboardEditor),
  },
];
