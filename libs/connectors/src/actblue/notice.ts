/** What ActBlue posts to a webhook, field by field: one notice for each line item in it. */
import { FreshetError } from '@freshet/contracts';
import { exactJson } from '../kit/http/api-answer';

export interface Fields {
  /** Numbers and booleans as they are written; null for what is missing, empty or no plain value. */
  text(name: string): string | null;
}

export interface Notice {
  donor: Fields;
  employment: Fields;
  contribution: Fields;
  refcodes: Fields;
  item: Fields;
}

type Json = Record<string, unknown>;

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

const fieldsOf = (value: unknown): Fields => {
  const object = objectOf(value);
  return {
    text: (name) => {
      const found = object[name];
      if (typeof found === 'number' || typeof found === 'boolean') return String(found);
      return typeof found === 'string' ? found.trim() || null : null;
    },
  };
};

const notUnderstood = (why: string, cause?: unknown): FreshetError =>
  new FreshetError('invalid_input', `The webhook is not one of ActBlue’s: ${why}.`, {
    action: 'Ask ActBlue for a webhook of the type “ActBlue Default”.',
    cause,
  });

const bodyOf = (source: string): Json => {
  try {
    return objectOf(exactJson(source));
  } catch (error) {
    throw notUnderstood('it is no JSON', error);
  }
};

/** Throws `invalid_input`. */
export const noticesOf = (source: string): [Notice, ...Notice[]] => {
  const { donor, contribution, lineitems } = bodyOf(source);
  if (typeof contribution !== 'object' || contribution === null)
    throw notUnderstood('it has no contribution');
  const items: unknown[] = Array.isArray(lineitems) ? lineitems : [];
  const [first, ...others] = items.map((item): Notice => ({
    donor: fieldsOf(donor),
    employment: fieldsOf(objectOf(donor)['employerData']),
    contribution: fieldsOf(contribution),
    refcodes: fieldsOf((contribution as Json)['refcodes']),
    item: fieldsOf(item),
  }));
  if (!first) throw notUnderstood('it has no line items');
  return [first, ...others];
};
