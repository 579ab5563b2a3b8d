/** Pages of dashboards, under `/p/:projectId/dashboards`. */
import type { Routes } from '@angular/router';

export const dashboardRoutes: Routes = [];
