/** Which fields a form has to have for a connector's JSON Schema, and what is typed into them as a value of it. Pure. */

export type FieldKind = 'text' | 'secret' | 'number' | 'flag' | 'choice' | 'list' | 'json';

export interface SchemaField {
  name: string;
  label: string;
  hint: string;
  kind: FieldKind;
  required: boolean;
  /** For `choice`. */
  values: readonly string[];
  /** As it stands in the form. */
  initial: string | number | boolean;
  min: number | null;
  max: number | null;
}

type JsonSchema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `clientUuid` → `Client uuid`, unless the schema has a title. */
const labelOf = (name: string, schema: JsonSchema): string => {
  if (typeof schema['title'] === 'string') return schema['title'];
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/\b(id|url|api|sql|json|uuid|tls|ca)\b/gi, (word) => word.toUpperCase());
};

/** The first alternative that is not null: forms show one. */
const plain = (schema: JsonSchema): JsonSchema => {
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(options)) return schema;
  const first = options.filter(isObject).find((option) => option['type'] !== 'null');
  return first ? { ...schema, ...plain(first) } : schema;
};

const kindOf = (schema: JsonSchema, secret: boolean): FieldKind => {
  if (Array.isArray(schema['enum'])) return 'choice';
  switch (schema['type']) {
    case 'boolean':
      return 'flag';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return isObject(schema['items']) && schema['items']['type'] === 'string' ? 'list' : 'json';
    case 'object':
      return 'json';
    default:
      return secret ? 'secret' : 'text';
  }
};

const secretName = /secret|password|token|key$/i;
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

const initialOf = (kind: FieldKind, schema: JsonSchema): SchemaField['initial'] => {
  const value = schema['default'];
  if (kind === 'flag') return value === true;
  if (kind === 'list') return Array.isArray(value) ? value.join(', ') : '';
  if (kind === 'json') return value === undefined ? '' : JSON.stringify(value, null, 2);
  return typeof value === 'string' || typeof value === 'number' ? value : '';
};

/** @param secret whether the schema is one of credentials: fields named like secrets are typed unseen */
export const schemaFields = (schema: JsonSchema | null, { secret = false } = {}): SchemaField[] => {
  const whole = plain(schema ?? {});
  const properties = isObject(whole['properties']) ? whole['properties'] : {};
  const required = Array.isArray(whole['required']) ? (whole['required'] as unknown[]) : [];
  return Object.entries(properties).map(([name, value]) => {
    const field = plain(isObject(value) ? value : {});
    const kind = kindOf(field, secret && secretName.test(name));
    return {
      name,
      label: labelOf(name, field),
      hint: typeof field['description'] === 'string' ? field['description'] : '',
      kind,
      required: required.includes(name) && kind !== 'flag',
      values: Array.isArray(field['enum']) ? field['enum'].map(String) : [],
      initial: initialOf(kind, field),
      min: number(field['minimum']),
      max: number(field['maximum']),
    };
  });
};

/** What was typed, as the schema wants it; empty fields are left out. Throws SyntaxError for JSON that is none. */
export const valueOf = (
  fields: readonly SchemaField[],
  typed: Record<string, unknown>,
): Record<string, unknown> => {
  const entries = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const value = typed[name];
    if (kind === 'flag') return [[name, value === true]];
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    if (text === '') return [];
    if (kind === 'number') return [[name, Number(text)]];
    if (kind === 'list') return [[name, text.split(/[,\n]/).map((each) => each.trim()).filter(Boolean)]]; // prettier-ignore
    if (kind === 'json') return [[name, JSON.parse(text)]];
    return [[name, kind === 'secret' ? String(value) : text]];
  });
  return Object.fromEntries(entries);
};

/** The other way round: a value of the schema as it stands in the form. */
export const typedOf = (
  fields: readonly SchemaField[],
  value: Readonly<Record<string, unknown>>,
): Record<string, SchemaField['initial']> =>
  Object.fromEntries(
    fields.map((field) => {
      const schema = { default: value[field.name] };
      return [field.name, value[field.name] === undefined ? field.initial : initialOf(field.kind, schema)];
    }),
  );
