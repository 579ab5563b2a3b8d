/** The catalogue's zod schemas as named JSON Schemas for OpenAPI. */
import * as contracts from '@freshet/contracts';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** What a schema describes: what is sent to Freshet (defaults may be left out), or what it answers. */
export type Direction = 'input' | 'output';

const pascal = (name: string): string => name[0]?.toUpperCase() + name.slice(1);

/** JSON Schemas by component name; a schema that the contracts export keeps its name there, inputs get `Input` appended. */
export class OpenApiComponents {
  private readonly registries = { input: z.registry<{ id: string }>(), output: z.registry<{ id: string }>() };

  constructor() {
    for (const [name, value] of Object.entries(contracts)) {
      if (!(value instanceof z.ZodType)) continue;
      if (!this.registries.output.has(value)) this.registries.output.add(value, { id: pascal(name) });
      if (!this.registries.input.has(value)) this.registries.input.add(value, { id: `${pascal(name)}Input` });
    }
  }

  /** A reference to the schema's component, which is called `name` unless the contracts name it. */
  reference(schema: z.ZodType, name: string, direction: Direction): JsonSchema {
    const registry = this.registries[direction];
    if (!registry.has(schema)) registry.add(schema, { id: pascal(name) });
    return { $ref: uri(registry.get(schema)?.id ?? '') };
  }

  /** All components that `used` leads to, by name. To be asked for last. */
  reachableFrom(used: unknown): Record<string, JsonSchema> {
    const all: Record<string, JsonSchema> = { ...this.all('output'), ...this.all('input') };
    const found: Record<string, JsonSchema> = {};
    const open = [...referencesIn(used)];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const schema = all[name];
      if (!schema || found[name]) continue;
      found[name] = schema;
      open.push(...referencesIn(schema));
    }
    return Object.fromEntries(Object.entries(found).sort(([a], [b]) => a.localeCompare(b)));
  }

  private all(io: Direction): Record<string, JsonSchema> {
    const { schemas } = z.toJSONSchema(this.registries[io], { io, uri, target: 'draft-2020-12' });
    return Object.fromEntries(
      Object.entries(schemas).map(([name, { $id: _id, $schema: _dialect, ...schema }]) => [
        name,
        schema as JsonSchema,
      ]),
    );
  }
}

const prefix = '#/components/schemas/';
const uri = (id: string): string => prefix + id;

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' && member.startsWith(prefix)
      ? [member.slice(prefix.length)]
      : referencesIn(member),
  );
}
