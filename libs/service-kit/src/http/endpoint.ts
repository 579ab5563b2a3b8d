/** Ties a handler to its route of the catalogue: method, path, status and who may call come from there alone. */
import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { routes, type Route, type RouteName } from '@freshet/contracts';
import { AllowAccess } from '../principal/principal.guard';

const ENDPOINT = 'freshet:endpoint';

export const statusOfRoute = (route: Route): number => route.status ?? (route.response ? 200 : 204);

export function Endpoint(name: RouteName): MethodDecorator {
  const route: Route = routes[name];
  return applyDecorators(
    SetMetadata(ENDPOINT, name),
    RequestMapping({ method: RequestMethod[route.method], path: route.path }),
    HttpCode(statusOfRoute(route)),
    AllowAccess(route.access ?? 'principal'),
  );
}

export const endpointOf = (reflector: Reflector, handler: () => unknown): RouteName | undefined =>
  reflector.get<RouteName | undefined>(ENDPOINT, handler);

/** Throws, naming them, when a route of the catalogue has no handler or several: such a service must not start. */
export function checkEndpoints(discovery: DiscoveryService, reflector: Reflector): void {
  const handlers = new Map<RouteName, string[]>();
  const scanner = new MetadataScanner();
  for (const { instance, metatype } of discovery.getControllers()) {
    if (!instance || !metatype) continue;
    const prototype: Record<string, unknown> = Object.getPrototypeOf(instance);
    for (const method of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[method];
      const name =
        typeof handler === 'function' ? endpointOf(reflector, handler as () => unknown) : undefined;
      if (name) handlers.set(name, [...(handlers.get(name) ?? []), `${metatype.name}.${method}`]);
    }
  }
  const faults = (Object.keys(routes) as RouteName[]).flatMap((name) => {
    const found = handlers.get(name) ?? [];
    if (found.length === 1) return [];
    return [
      found.length === 0 ? `${name} has no handler` : `${name} has several handlers: ${found.join(', ')}`,
    ];
  });
  if (faults.length > 0)
    throw new Error(`The catalogue of routes and the handlers differ: ${faults.join('; ')}.`);
}
