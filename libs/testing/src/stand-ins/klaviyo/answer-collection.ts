/** Answers a list of resources as Klaviyo does, or refuses it for what Klaviyo would refuse. */
import type { VendorAnswer, VendorRequest } from '../stand-in';
import type { Collection } from './collections';
import { badParameter } from './errors';
import { matches, parseFilter, type Condition } from './filter';
import type { PageCursors } from './paging';
import { answered, fieldOf, type Resource } from './resource';

interface Query {
  conditions: Condition[];
  sort: { field: string; down: boolean };
  size: number;
  cursor: string | null;
  fields: Map<string, string[]>;
  include: string[];
}

const commaList = (text: string | null): string[] => (text ? text.split(',').map((part) => part.trim()) : []);

const pageSize = (collection: Collection, text: string | null): number => {
  const { sizes, fixedSize = 200 } = collection;
  if (!sizes) {
    if (text !== null)
      throw badParameter('page[size]', "'page[size]' is not a valid query parameter for this endpoint.");
    return fixedSize;
  }
  if (text === null) return sizes.usual;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > sizes.most) {
    throw badParameter('page[size]', `Page size must be an integer between 1 and ${sizes.most}.`);
  }
  return size;
};

const sortOf = (collection: Collection, text: string | null): Query['sort'] => {
  const field = (text ?? collection.usual).replace(/^-/, '');
  if (text !== null && !collection.sorts.includes(field)) {
    throw badParameter('sort', `'${text}' is not a valid sort for this resource.`);
  }
  return { field, down: text?.startsWith('-') ?? false };
};

const queryOf = (collection: Collection, query: URLSearchParams): Query => {
  const fields = new Map<string, string[]>();
  for (const name of query.keys()) {
    const type = /^fields\[(.+)\]$/.exec(name)?.[1];
    if (type !== undefined) fields.set(type, commaList(query.get(name)));
    else if (name === `additional-fields[${collection.type}]` && collection.additional) {
      const unknown = commaList(query.get(name)).find((field) => !collection.additional?.includes(field));
      if (unknown) throw badParameter(name, `'${unknown}' is not a valid additional field.`);
    } else if (!['filter', 'sort', 'include', 'page[size]', 'page[cursor]'].includes(name)) {
      throw badParameter(name, `'${name}' is not a valid query parameter.`);
    }
  }
  const unknown = (fields.get(collection.type) ?? []).find(
    (field) => field !== 'id' && !collection.fields.includes(field),
  );
  if (unknown) {
    throw badParameter(
      `fields[${collection.type}]`,
      `'${unknown}' is not a valid field for the ${collection.type} resource.`,
    );
  }
  const include = commaList(query.get('include'));
  const strange = include.find((name) => !collection.includes.includes(name));
  if (strange) throw badParameter('include', `'${strange}' is not a valid relationship to include.`);
  const filter = query.get('filter');
  const conditions = filter === null ? [] : parseFilter(filter, collection.filters);
  if (collection.required && !conditions.some(({ field }) => field === collection.required)) {
    throw badParameter(
      'filter',
      `A channel filter is required to list ${collection.type}s: equals(${collection.required},'email').`,
    );
  }
  const size = pageSize(collection, query.get('page[size]'));
  return {
    conditions,
    size,
    fields,
    include,
    sort: sortOf(collection, query.get('sort')),
    cursor: query.get('page[cursor]'),
  };
};

type Value = string | number | boolean | null;

const compared = (a: Value, b: Value): number => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1);

/** A query without its place in the pages: a cursor is good for it alone. */
const identity = (query: URLSearchParams): string =>
  [...query].filter(([name]) => name !== 'page[cursor]').map(([name, value]) => `${name}=${value}`).sort().join('&'); // prettier-ignore

export const answerCollection = (
  collection: Collection,
  request: VendorRequest,
  resources: (conditions: readonly Condition[]) => readonly Resource[],
  included: (type: string, ids: ReadonlySet<string>) => readonly Resource[],
  cursors: PageCursors,
  url: string,
): VendorAnswer => {
  const query = queryOf(collection, request.query);
  const { sort, size, conditions } = query;
  const valueOf = (resource: Resource): Value => fieldOf(resource, sort.field);
  const direction = sort.down ? -1 : 1;
  const inOrder = resources(conditions)
    .filter((resource) =>
      conditions.every((condition) => matches(condition, fieldOf(resource, condition.field))),
    )
    .sort((a, b) => direction * (compared(valueOf(a), valueOf(b)) || compared(a.id, b.id)));
  const known = identity(request.query);
  const after = query.cursor === null ? null : cursors.read(known, query.cursor);
  const rest = after
    ? inOrder.filter(
        (found) => direction * (compared(valueOf(found), after.value) || compared(found.id, after.id)) > 0,
      )
    : inOrder;
  const page = rest.slice(0, size);
  const last = rest.length > size ? page.at(-1) : undefined;
  const linkTo = (cursor: string): string => {
    const parameters = new URLSearchParams(request.query);
    parameters.set('page[cursor]', cursor);
    return `${url}${request.path}?${parameters.toString()}`;
  };
  const fieldsOf = (type: string): string[] | null => query.fields.get(type) ?? null;
  const besides = query.include.flatMap((relationship) => {
    const references = page.flatMap((resource) => resource.relationships?.[relationship] ?? []);
    const ids = new Set(references.map(({ id }) => id));
    const type = references[0]?.type;
    return type ? included(type, ids).map((resource) => answered(resource, fieldsOf(type), url)) : [];
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/vnd.api+json' },
    body: {
      data: page.map((resource) => answered(resource, fieldsOf(collection.type), url)),
      ...(query.include.length > 0 && { included: besides }),
      links: {
        self: `${url}${request.path}?${request.query.toString()}`,
        next: last ? linkTo(cursors.write(known, { value: valueOf(last), id: last.id })) : null,
        prev: null,
      },
    },
  };
};
