/** The OpenAPI 3.1 document, generated from the catalogue that also validates every call. */
import { problem, routes, type Route, type RouteName } from '@freshet/contracts';
import { sessionCookie, statusOfRoute } from '@freshet/service-kit';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { OpenApiComponents, type JsonSchema } from './openapi-components';

const version = '0.1.0';

const problemTitles: Record<number, string> = {
  400: 'Some of the input is not valid',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Unknown, or of another organization',
  409: 'In conflict with what is there',
  412: 'Changed meanwhile',
  422: 'Understood, but impossible',
  429: 'Too many requests',
};

/** The whole document. Paths are whole (`/api/…`), so that no server entry is needed. */
export function openApiDocument(): OpenAPIObject {
  const components = new OpenApiComponents();
  const problemSchema = components.reference(problem, 'problem', 'output');
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, components) };
  }
  const responses = Object.fromEntries(
    Object.entries(problemTitles).map(([status, description]) => [
      `Problem${status}`,
      { description, content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  );
  const tags = [...new Set(Object.values(routes).map(({ tag }) => tag))].map((name) => ({ name }));
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Freshet',
      version,
      description:
        'Keeps every number on a dashboard fresh. Errors are problem documents (RFC 9457); lists are `{items, nextCursor}`.',
    },
    tags,
    paths,
    components: {
      schemas: components.reachableFrom({ paths, responses }),
      responses,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'Set by signing in' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the organization' },
      },
    },
  };
  // Nest's type is that of OpenAPI 3.0; in 3.1 a schema is any JSON Schema.
  return document as unknown as OpenAPIObject;
}

function operation(name: RouteName, route: Route, components: OpenApiComponents): JsonSchema {
  const status = statusOfRoute(route);
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.tag],
    security: route.access === 'anybody' ? [] : [{ session: [] }, { apiKey: [] }],
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse({}).success,
        content: {
          'application/json': { schema: components.reference(route.body, `${name}Input`, 'input') },
        },
      },
    }),
    responses: {
      [status]: {
        description: route.summary,
        ...(route.response && {
          content: {
            'application/json': { schema: components.reference(route.response, `${name}Answer`, 'output') },
          },
        }),
      },
      ...Object.fromEntries(
        problemStatuses(route).map((each) => [each, { $ref: `#/components/responses/Problem${each}` }]),
      ),
    },
  };
}

const pathNames = (route: Route): string[] =>
  [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');

const pathParameters = (route: Route): JsonSchema[] =>
  pathNames(route).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters({ query }: Route): JsonSchema[] {
  if (!(query instanceof z.ZodObject)) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'output' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !query.shape[name].safeParse(undefined).success,
    schema,
  }));
}

function headerParameters({ ifMatch, method, access }: Route): JsonSchema[] {
  const header = (name: string, description: string): JsonSchema => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return [
    ...(ifMatch ? [header('If-Match', 'The `revision` seen; 412 when it is not the current one')] : []),
    ...(method === 'POST' && access !== 'anybody'
      ? [
          header(
            'Idempotency-Key',
            'Sent again with the same key within a day, the call is answered again, not done again',
          ),
        ]
      : []),
  ];
}

function problemStatuses(route: Route): number[] {
  const open = route.access === 'anybody';
  return [
    ...(route.body || route.query ? [400] : []),
    ...(open && route.path !== '/api/auth/sign-in' ? [] : [401]),
    ...(route.method === 'GET' && open ? [] : [403]),
    ...(pathNames(route).length > 0 || route.path.endsWith('/set-up') ? [404] : []),
    ...(route.method === 'GET' ? [] : [409, 422]),
    ...(route.ifMatch ? [412] : []),
    429,
  ].sort((a, b) => a - b);
}
