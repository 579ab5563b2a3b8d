/**
 * Every REST call in one catalogue: the gateway validates by it, OpenAPI is generated from it, the client is typed by it.
 * A test in the gateway proves that each has exactly one handler.
 */
import { z } from 'zod';
import { time } from '../values';
import { connectionRoutes } from './connection-routes';
import { dashboardRoutes } from './dashboard-routes';
import { decisionRoutes } from './decision-routes';
import { identityRoutes } from './identity-routes';
import { lineageRoutes } from './lineage-routes';
import { modelRoutes } from './model-routes';
import { refreshRoutes } from './refresh-routes';
import { sourceRoutes } from './source-routes';
import { versionRoutes } from './version-routes';
import type { Route } from './route';

export type { Route };

export const routes = {
  ...identityRoutes,
  ...sourceRoutes,
  ...connectionRoutes,
  ...modelRoutes,
  ...versionRoutes,
  ...refreshRoutes,
  ...dashboardRoutes,
  ...decisionRoutes,
  ...lineageRoutes,
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;

/** What a call answers. */
export type ResponseOf<N extends RouteName> = Routes[N] extends { response: infer R extends z.ZodType }
  ? z.infer<R>
  : void;
/** What a call takes, as the caller writes it (defaults may be left out). */
export type BodyOf<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : undefined;

/** Health of one service, the same for all four. */
export const health = z.object({
  status: z.enum(['ok', 'error']),
  service: z.string(),
  checks: z.record(z.string(), z.object({ status: z.string() })),
  at: time,
});
