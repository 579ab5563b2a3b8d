/** A JSON:API resource object of Klaviyo, and how its parts are looked up. */

export interface Reference {
  type: string;
  id: string;
}

export interface Resource extends Reference {
  attributes: Record<string, unknown>;
  relationships?: Record<string, Reference | Reference[]>;
  /** Found by filters, never answered, such as a campaign's channel. */
  hidden?: Record<string, string>;
}

/** The same instant is always the same text inside the stand-in, so that it sorts. */
export const fieldOf = (resource: Resource, field: string): string | number | boolean | null => {
  if (field === 'id') return resource.id;
  const hidden = resource.hidden?.[field];
  if (hidden !== undefined) return hidden;
  const value = resource.attributes[field];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
};

/** `2026-11-21T08:00:00+00:00`, as Klaviyo writes times; inside, they are `….000Z`. */
const offsetTime = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
    ? value.replace(/(?:\.000)?Z$/, '+00:00')
    : value;

const sparse = (
  attributes: Record<string, unknown>,
  fields: readonly string[] | null,
): Record<string, unknown> => {
  const chosen = Object.entries(attributes).filter(([name]) => !fields || fields.includes(name));
  return Object.fromEntries(chosen.map(([name, value]) => [name, offsetTime(value)]));
};

/** As answered. @param fields of a sparse fieldset, null for all */
export const answered = (resource: Resource, fields: readonly string[] | null, url: string): unknown => ({
  type: resource.type,
  id: resource.id,
  attributes: sparse(resource.attributes, fields),
  ...(resource.relationships && {
    relationships: Object.fromEntries(
      Object.entries(resource.relationships).map(([name, data]) => [name, { data }]),
    ),
  }),
  links: { self: `${url}/api/${resource.type}s/${resource.id}/` },
});
