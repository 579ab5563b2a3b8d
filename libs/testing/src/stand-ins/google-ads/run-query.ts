/** Answers a checked query: rows of the resource, summed over what was not selected, each as the REST API nests it. */
import { checkQuery, windowOf } from './check-query';
import { refuseQuery } from './failure';
import { actionSegments, attributes, metrics, segments, type FieldValue } from './fields';
import type { Condition, Query } from './gaql';
import { sum } from './numbers';
import { entities, measuredSubjects, type Subject, type View } from './subjects';

export type AdsRow = Record<string, unknown>;

/** `campaign.advertising_channel_type` → `campaign.advertisingChannelType`. */
export const camelCase = (path: string): string =>
  path.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const put = (row: AdsRow, path: string, value: FieldValue): void => {
  const parts = camelCase(path).split('.');
  const last = parts.pop() ?? '';
  let at = row;
  for (const part of parts) {
    at[part] ??= {};
    at = at[part] as AdsRow;
  }
  at[last] = value;
};

const valueOf = (subject: Subject, field: string): FieldValue =>
  (attributes[field] ?? segments[field])?.of(subject) ?? null;

/** Resource names come with a row unasked. */
const namesOf: Record<string, (subject: Subject) => string> = {
  customer: ({ customer }) => `customers/${customer.id}`,
  campaign: ({ customer, campaign }) => `customers/${customer.id}/campaigns/${campaign?.id}`,
  ad_group: ({ customer, adGroup }) => `customers/${customer.id}/adGroups/${adGroup?.id}`,
  ad_group_ad: ({ customer, adGroup, ad }) => `customers/${customer.id}/adGroupAds/${adGroup?.id}~${ad?.id}`,
  ad_group_criterion: ({ customer, adGroup, keyword }) =>
    `customers/${customer.id}/adGroupCriteria/${adGroup?.id}~${keyword?.id}`,
  customer_client: ({ customer, client }) => `customers/${customer.id}/customerClients/${client?.account.id}`,
  geo_target_constant: ({ location }) => `geoTargetConstants/${location?.id}`,
};

const matches = (subject: Subject, { field, operator, values }: Condition): boolean => {
  if (field === 'segments.date') return true;
  const value = valueOf(subject, field);
  const text = String(value);
  const [first = ''] = values;
  switch (operator) {
    case '=':
      return text.toLowerCase() === first.toLowerCase();
    case '!=':
      return text.toLowerCase() !== first.toLowerCase();
    case 'IN':
      return values.includes(text);
    case 'NOT IN':
      return !values.includes(text);
    case 'IS NULL':
      return value === null;
    case 'IS NOT NULL':
      return value !== null;
    case '>':
      return Number(value) > Number(first);
    case '>=':
      return Number(value) >= Number(first);
    case '<':
      return Number(value) < Number(first);
    case '<=':
      return Number(value) <= Number(first);
    default:
      return refuseQuery(
        'OPERATOR_FIELD_MISMATCH',
        `Operator ${operator} cannot be used with field '${field}'.`,
      );
  }
};

/** Adds up subjects that don't differ in what is selected. */
const grouped = (subjects: readonly Subject[], select: readonly string[], from: string): Subject[] => {
  const told = select.filter((field) => !(field in metrics));
  const groups = new Map<string, Subject>();
  for (const subject of subjects) {
    const key = [namesOf[from]?.(subject) ?? '', ...told.map((field) => valueOf(subject, field))].join(
      '\u0000',
    );
    const before = groups.get(key);
    groups.set(key, before ? { ...before, numbers: sum(before.numbers, subject.numbers) } : subject);
  }
  return [...groups.values()];
};

const ordered = (subjects: Subject[], orderBy: Query['orderBy']): Subject[] => {
  if (orderBy.length === 0) return subjects;
  const valueIn = (subject: Subject, field: string): FieldValue =>
    metrics[field]?.(subject.numbers) ?? valueOf(subject, field);
  return [...subjects].sort((a, b) => {
    for (const { field, descending } of orderBy) {
      const [left, right] = [valueIn(a, field), valueIn(b, field)];
      const numeric = field in metrics || field.endsWith('.id');
      const less = numeric
        ? Number(left) - Number(right)
        : String(left) < String(right)
          ? -1
          : left === right
            ? 0
            : 1;
      if (less !== 0) return descending ? -less : less;
    }
    return 0;
  });
};

const rowOf = (subject: Subject, { select }: Query): AdsRow => {
  const row: AdsRow = {};
  for (const field of select) {
    const prefix = field.split('.')[0] ?? '';
    const name = namesOf[prefix];
    if (name && !(camelCase(prefix) in row)) put(row, `${prefix}.resource_name`, name(subject));
    const value = metrics[field]?.(subject.numbers) ?? valueOf(subject, field);
    if (value !== null) put(row, field, value);
  }
  return row;
};

/** Throws a Refusal for what the vendor refuses. */
export const runQuery = (query: Query, view: View): AdsRow[] => {
  checkQuery(query);
  const { select, from, where, orderBy } = query;
  const window = windowOf(query, view.today);
  const measures = select.some((field) => field in metrics || field in segments);
  if (measures && view.customer.manager && select.some((field) => field in metrics))
    refuseQuery(
      'REQUESTED_METRICS_FOR_MANAGER',
      'Metrics cannot be requested for a manager account. To retrieve metrics, issue separate requests against each client account under the manager account.',
    );
  // The real API would answer for all time, which nobody wants to store.
  if (measures && !window)
    refuseQuery('EXPECTED_FILTERS_ON_DATE_RANGE', 'Expected a date range in the WHERE clause.');
  const everything = (): Subject[] => (entities[from] ?? (() => []))(view);
  const withActions = select.some((field) => actionSegments.includes(field));
  const found = measures && window ? measuredSubjects(from, view, window, withActions) : everything();
  const kept = found.filter((subject) => where.every((condition) => matches(subject, condition)));
  return ordered(grouped(kept, select, from), orderBy).map((subject) => rowOf(subject, query));
};
