/** What Klaviyo's reports have in common: the body of the request, and what is refused in it. */
import type { VendorRequest } from '../stand-in';
import { badField } from './errors';
import { metrics, type World } from './world';

type Attributes = Record<string, unknown>;

/** The attributes of `{data: {type, attributes}}`. */
export const attributesOf = (request: VendorRequest, type: string, known: readonly string[]): Attributes => {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    throw badField('/data', 'The request body is no JSON.');
  }
  const data = (body as { data?: { type?: string; attributes?: Attributes } } | null)?.data;
  if (data?.type !== type) throw badField('/data/type', `The type must be '${type}'.`);
  const attributes = data.attributes ?? {};
  const unknown = Object.keys(attributes).find((name) => !known.includes(name));
  if (unknown)
    throw badField(
      `/data/attributes/${unknown}`,
      `'${unknown}' is not a valid field for the resource '${type}'.`,
    );
  return attributes;
};

export const strings = (value: unknown, pointer: string): string[] => {
  if (!Array.isArray(value) || value.length === 0)
    throw badField(pointer, 'This field takes a list that is not empty.');
  return value.map(String);
};

export const yearLength = 366 * 86_400_000;

export const metricNameOf = (world: World, id: unknown, pointer: string): string => {
  const metric = metrics(world).find((found) => found.id === id);
  if (!metric) throw badField(pointer, `A metric with id '${String(id)}' does not exist.`);
  return String(metric.attributes['name']);
};
