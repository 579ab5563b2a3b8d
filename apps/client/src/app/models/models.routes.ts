/** Pages of models, under `/p/:projectId/models`. */
import type { Routes } from '@angular/router';

export const modelRoutes: Routes = [];
