/** Refuses queries that the vendor refuses (https://developers.google.com/google-ads/api/docs/query/structure), and finds the days asked for. */
import { dateOf, dayNumber } from '../../market';
import { refuseQuery } from './failure';
import {
  actionSegments,
  attributes,
  conversionMetrics,
  isKnown,
  metrics,
  resources,
  segments,
} from './fields';
import type { Condition, Query } from './gaql';
import type { Window } from './subjects';

/** Those may be filtered by without being selected. */
const coreDates = ['segments.date'];

export const checkQuery = (query: Query): void => {
  const { select, from, where, orderBy } = query;
  const resource = resources[from];
  if (!resource)
    return refuseQuery('BAD_RESOURCE_TYPE_IN_FROM_CLAUSE', `'${from}' is not a valid resource name.`);
  const used = [...select, ...where.map(({ field }) => field), ...orderBy.map(({ field }) => field)];
  const unknown = used.filter((field) => !isKnown(field));
  if (unknown.length > 0) {
    const named = unknown.map((field) => `'${field}'`).join(', ');
    refuseQuery('UNRECOGNIZED_FIELD', `Unrecognized fields in the query: ${named}.`);
  }
  for (const field of used) {
    const clause = select.includes(field) ? 'SELECT' : 'WHERE';
    if (field in attributes && !resource.attributed.includes(field.split('.')[0] ?? ''))
      refuseQuery(
        `PROHIBITED_RESOURCE_TYPE_IN_${clause}_CLAUSE`,
        `The following field in ${clause} clause cannot be used with resource '${from}' in FROM clause: '${field}'.`,
      );
    if (field in segments && !resource.segments.includes(field))
      refuseQuery(
        'PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE',
        `Cannot select or filter on the following segments: '${field}', since segment is incompatible with the resource in the FROM clause '${from}'.`,
      );
    if (field in metrics && !resource.measured)
      refuseQuery(
        'PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE',
        `Cannot select or filter on the following metrics: '${field}', since metric is incompatible with the resource in the FROM clause '${from}'.`,
      );
  }
  const action = used.find((field) => actionSegments.includes(field));
  const foreign = used.find((field) => field in metrics && !conversionMetrics.includes(field));
  if (action && foreign)
    refuseQuery(
      'PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE',
      `Cannot select or filter on the following segments: '${action}', since segments are incompatible with the following metrics: '${foreign}'.`,
    );
  const missing = [...where, ...orderBy]
    .map(({ field }) => field)
    .find((field) => !(field in attributes) && !coreDates.includes(field) && !select.includes(field));
  if (missing)
    refuseQuery(
      'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
      `The following field must be present in SELECT clause: '${missing}'.`,
    );
  where.forEach(checkValues);
};

const checkValues = ({ field, operator, values }: Condition): void => {
  const names = (attributes[field] ?? segments[field])?.enum;
  const wrong = names && values.find((value) => !names.includes(value));
  if (wrong !== undefined)
    refuseQuery('BAD_ENUM_CONSTANT', `Invalid enum value cannot be included in WHERE clause: '${wrong}'.`);
  if (operator === 'DURING' && field !== 'segments.date')
    refuseQuery('OPERATOR_FIELD_MISMATCH', `Operator DURING cannot be used with field '${field}'.`);
};

/** `2026-11-21` or `20261121` → `2026-11-21`. */
const dateIn = (value: string): string => {
  const parts = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(value);
  const date = parts ? `${parts[1]}-${parts[3]}-${parts[4]}` : '';
  const day = Date.parse(`${date}T00:00:00Z`);
  if (!Number.isNaN(day) && new Date(day).toISOString().startsWith(date)) return date;
  return refuseQuery(
    'INVALID_DATE_FORMAT',
    `Invalid date literal supplied for field 'segments.date': '${value}'.`,
  );
};

const after = (date: string): string => dateOf(dayNumber(date) + 1);

const during: Record<string, (today: number) => [first: number, last: number]> = {
  TODAY: (today) => [today, today],
  YESTERDAY: (today) => [today - 1, today - 1],
  LAST_7_DAYS: (today) => [today - 7, today - 1],
  LAST_14_DAYS: (today) => [today - 14, today - 1],
  LAST_30_DAYS: (today) => [today - 30, today - 1],
};

/** The days of the WHERE clause; null without any. */
export const windowOf = ({ select, where }: Query, today: string): Window | null => {
  let [from, to]: [string | null, string | null] = [null, null];
  for (const { field, operator, values } of where) {
    if (field !== 'segments.date') continue;
    const [first = '', second = ''] = values;
    switch (operator) {
      case '=':
        [from, to] = [dateIn(first), after(dateIn(first))];
        break;
      case '>=':
        from = dateIn(first);
        break;
      case '>':
        from = after(dateIn(first));
        break;
      case '<=':
        to = after(dateIn(first));
        break;
      case '<':
        to = dateIn(first);
        break;
      case 'BETWEEN':
        [from, to] = [dateIn(first), after(dateIn(second))];
        if (from >= to)
          refuseQuery(
            'INVALID_VALUE_WITH_BETWEEN_OPERATOR',
            `The date '${first}' is after the date '${second}'.`,
          );
        break;
      case 'DURING': {
        const range = during[first];
        if (!range)
          return refuseQuery('INVALID_VALUE_WITH_DURING_OPERATOR', `Invalid date range '${first}'.`);
        const [begin, end] = range(dayNumber(today));
        [from, to] = [dateOf(begin), dateOf(end + 1)];
        break;
      }
      default:
        refuseQuery(
          'OPERATOR_FIELD_MISMATCH',
          `Operator ${operator} cannot be used with field 'segments.date'.`,
        );
    }
  }
  if (from !== null && to !== null) return { from, to };
  if (from !== null || to !== null || select.includes('segments.date'))
    refuseQuery(
      'EXPECTED_FILTERS_ON_DATE_RANGE',
      "Expected a finite date range on 'segments.date' in the WHERE clause.",
    );
  return null;
};
