import { routes, type Route } from '@freshet/contracts';
import { openApiDocument } from './openapi';

type Operation = {
  operationId: string;
  security: unknown[];
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: unknown;
  responses: Record<string, { content?: unknown }>;
};
const document = openApiDocument() as unknown as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, unknown>;
    responses: Record<string, unknown>;
    securitySchemes: Record<string, unknown>;
  };
};
const every = Object.entries(routes) as [string, Route][];
const operationOf = ({ method, path }: Route): Operation | undefined =>
  document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];

describe('the OpenAPI document', () => {
  it('is of version 3.1 and has each call of the catalogue once, by its whole path', () => {
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      every.map(([name]) => name).sort(),
    );
    expect(Object.keys(document.paths).every((path) => path.startsWith('/api/'))).toBe(true);
  });

  it.each(every)('%s has its input, its answer and its problems', (_, route) => {
    const operation = operationOf(route);
    expect(Boolean(operation?.requestBody)).toBe(Boolean(route.body));
    expect(
      operation?.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `:${name}`),
    ).toEqual(route.path.match(/:\w+/g) ?? []);
    const success = Object.keys(operation?.responses ?? {}).filter((status) => /^[23]/.test(status));
    expect(success).toEqual([String(route.status ?? (route.response ? 200 : 204))]);
    expect(Boolean(operation?.responses[success[0] ?? '']?.content)).toBe(Boolean(route.response));
    expect(operation?.security).toEqual(route.access === 'anybody' ? [] : [{ session: [] }, { apiKey: [] }]);
    expect(Object.keys(operation?.responses ?? {}).includes('412')).toBe(Boolean(route.ifMatch));
  });

  it('has no reference that leads nowhere, and no component that nothing leads to', () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)].map(
        ([, kind, name]) => `${kind}/${name}`,
      ),
    );
    const there = (['schemas', 'responses'] as const).flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `${kind}/${name}`),
    );
    expect([...references].filter((each) => !there.includes(each))).toEqual([]);
    expect(there.filter((each) => !references.has(each) && each.startsWith('schemas/'))).toEqual([]);
  });

  it('requires in an answer what is always there, and of an input only what has no default', () => {
    const schema = (name: string) => document.components.schemas[name] as { required?: string[] };
    expect(schema('CreateModelInput').required).toEqual(['name', 'sql']);
    expect(schema('Model').required).toEqual(expect.arrayContaining(['id', 'owed', 'asOf']));
    const limit = operationOf(routes.listModels)?.parameters.find(({ name }) => name === 'limit');
    expect(limit).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    });
  });
});
