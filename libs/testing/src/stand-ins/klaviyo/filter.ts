/** Klaviyo's filter language: `op(field,value)`, several joined by commas or inside `and(…)`. Each endpoint allows few of them. */
import { badParameter } from './errors';

export type FilterValue = string | number | boolean | null | FilterValue[];

export interface Condition {
  operator: string;
  field: string;
  value: FilterValue;
}

/** Field → operators, as an endpoint's reference lists them. */
export type AllowedFilters = Readonly<Record<string, readonly string[]>>;

const operators = [
  'equals', 'less-than', 'less-or-equal', 'greater-than', 'greater-or-equal',
  'contains', 'contains-any', 'contains-all', 'ends-with', 'starts-with', 'any', 'has',
]; // prettier-ignore

const invalid = (detail: string): Error => badParameter('filter', `Invalid filter provided. ${detail}`);

/** Splits at commas outside of quotes, brackets and parentheses. */
const split = (text: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
    if (depth < 0) throw invalid('Verify your parentheses match.');
  }
  if (depth !== 0 || quote) throw invalid('Verify your parentheses match.');
  return [...parts, text.slice(start)].map((part) => part.trim());
};

const dateTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

const valueOf = (text: string): FilterValue => {
  if (text.startsWith('[') && text.endsWith(']')) return split(text.slice(1, -1)).map(valueOf);
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted) return (quoted[2] ?? '').replace(/\\(.)/g, '$1');
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (dateTime.test(text)) return text;
  throw invalid(`'${text}' is not a valid value.`);
};

const timeFields = /^(datetime|created|updated|created_at|updated_at|scheduled_at)$/;

/** Naive times are UTC, as in Klaviyo's examples. */
export const instantOf = (text: string): string => {
  const normal = text.replace(' ', 'T');
  const whole = /T/.test(normal) ? normal : `${normal}T00:00:00`;
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(whole) ? whole : `${whole}Z`);
  if (!dateTime.test(text) || Number.isNaN(time)) throw invalid(`'${text}' is not a valid datetime.`);
  return new Date(time).toISOString();
};

export const parseFilter = (text: string, allowed: AllowedFilters): Condition[] => {
  if (text.trim() === '') throw invalid('The filter is empty.');
  return split(text).flatMap((part) => {
    const call = /^([a-z-]+)\((.*)\)$/s.exec(part);
    if (!call) throw invalid('Verify your parentheses match.');
    const [, operator = '', inner = ''] = call;
    if (operator === 'and') return parseFilter(inner, allowed);
    if (!operators.includes(operator)) throw invalid(`'${operator}' is not a valid operator.`);
    const [field = '', ...rest] = split(inner);
    const named = field.replace(/^["']|["']$/g, '');
    const permitted = allowed[named];
    if (!permitted) throw badParameter('filter', `'${named}' is not a filterable field for this resource.`);
    if (!permitted.includes(operator)) {
      throw badParameter('filter', `'${operator}' is not an allowed operator for field '${named}'.`);
    }
    if (rest.length !== (operator === 'has' ? 0 : 1)) throw invalid(`'${operator}' takes one value.`);
    const value = operator === 'has' ? null : valueOf(rest[0] ?? '');
    if (!timeFields.test(named)) return [{ operator, field: named, value }];
    if (typeof value !== 'string') throw invalid(`'${String(value)}' is not a valid datetime.`);
    return [{ operator, field: named, value: instantOf(value) }];
  });
};

type Comparable = string | number | boolean | null | undefined;

const comparisons: Record<string, (found: Comparable, value: FilterValue) => boolean> = {
  equals: (found, value) => found === value,
  any: (found, value) => Array.isArray(value) && value.includes(found ?? null),
  has: (found) => found !== null && found !== undefined,
  contains: (found, value) => String(found).includes(String(value)),
  'starts-with': (found, value) => String(found).startsWith(String(value)),
  'ends-with': (found, value) => String(found).endsWith(String(value)),
  'less-than': (found, value) => order(found, value) < 0,
  'less-or-equal': (found, value) => order(found, value) <= 0,
  'greater-than': (found, value) => order(found, value) > 0,
  'greater-or-equal': (found, value) => order(found, value) >= 0,
};

/** What has no value is neither before nor after anything. */
const order = (found: Comparable, value: FilterValue): number => {
  if (found === null || found === undefined || value === null) return Number.NaN;
  if (typeof found === 'number') return found - Number(value);
  const [a, b] = [String(found), String(value)];
  return a < b ? -1 : a > b ? 1 : 0;
};

export const matches = (condition: Condition, found: Comparable): boolean =>
  comparisons[condition.operator]?.(found, condition.value) ?? false;
