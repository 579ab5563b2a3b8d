/** Reads a runReport request as strictly as Google: unknown fields, wrong types, limits, names, and combinations that make no sense. */
import { dateOf, dayNumber } from '../../market';
import { refuseAsGoogle, googleError } from '../google-identity';
import { Refusal } from '../stand-in';
import { facetOf } from './facets';
import { metrics } from './metrics';

export interface Range {
  /** Both included, `YYYY-MM-DD`. */
  from: string;
  to: string;
  name: string;
}

export interface OrderBy {
  kind: 'dimension' | 'metric';
  name: string;
  numeric: boolean;
  descending: boolean;
}

export interface ReportRequest {
  dimensions: string[];
  metrics: string[];
  ranges: Range[];
  limit: number;
  offset: number;
  orderBys: OrderBy[];
  keepEmptyRows: boolean;
  returnPropertyQuota: boolean;
}

const most = { dimensions: 9, metrics: 10, 'date ranges': 4 } as const;
export const mostRows = 250_000;
const usualRows = 10_000;

const bad = (message: string): never => refuseAsGoogle('INVALID_ARGUMENT', message);

/** As the JSON transcoding in front of every Google API says it. */
const badPayload = (description: string, field: string): never => {
  throw new Refusal(
    googleError('INVALID_ARGUMENT', description, [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
    ]),
  );
};

type Json = Record<string, unknown>;

const message = (value: unknown, at: string, fields: readonly string[]): Json => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return badPayload(`Invalid value at '${at}' (type.googleapis.com/…), ${JSON.stringify(value)}`, at);
  for (const name of Object.keys(value)) {
    if (fields.includes(name)) continue;
    const where = at === '' ? '' : ` at '${at}'`;
    badPayload(`Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`, at);
  }
  return value as Json;
};

const list = (value: unknown, at: string): unknown[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  return badPayload(`Invalid value at '${at}', ${JSON.stringify(value)}`, at);
};

const text = (value: unknown, at: string): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return badPayload(`Invalid value at '${at}' (TYPE_STRING), ${JSON.stringify(value)}`, at);
};

const flag = (value: unknown, at: string): boolean => {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  return badPayload(`Invalid value at '${at}' (TYPE_BOOL), ${JSON.stringify(value)}`, at);
};

/** 64-bit integers come as text or as numbers. */
const int64 = (value: unknown, at: string): number | null => {
  if (value === undefined || value === null) return null;
  const isWhole = typeof value === 'number' ? Number.isInteger(value) : /^-?\d+$/.test(text(value, at));
  if (!isWhole) badPayload(`Invalid value at '${at}' (TYPE_INT64), ${JSON.stringify(value)}`, at);
  return Number(value);
};

const limited = <T>(values: T[], what: keyof typeof most): T[] => {
  if (values.length <= most[what]) return values;
  return bad(
    `Requests are limited to ${most[what]} ${what} within a nested request. This request is for ${values.length} ${what}.`,
  );
};

const catalogue =
  'For a list of valid dimensions and metrics, see https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema ';

const dimensionNames = (body: Json): string[] =>
  limited(list(body['dimensions'], 'dimensions'), 'dimensions').map((value, place) => {
    const at = `dimensions[${place}]`;
    const { name, dimensionExpression } = message(value, at, ['name', 'dimensionExpression']);
    if (dimensionExpression !== undefined) bad('The sandbox knows no dimension expressions.');
    const found = text(name, `${at}.name`);
    if (found !== 'date' && facetOf(found) === null)
      bad(`Field ${found} is not a valid dimension. ${catalogue}`);
    return found;
  });

const metricNames = (body: Json): string[] =>
  limited(list(body['metrics'], 'metrics'), 'metrics').map((value, place) => {
    const at = `metrics[${place}]`;
    const { name, expression } = message(value, at, ['name', 'expression', 'invisible']);
    if (expression !== undefined) bad('The sandbox knows no metric expressions.');
    const found = text(name, `${at}.name`);
    if (!metrics[found]) bad(`Field ${found} is not a valid metric. ${catalogue}`);
    return found;
  });

const day = (value: string, today: string, at: string): string => {
  if (value === 'today') return today;
  if (value === 'yesterday') return dateOf(dayNumber(today) - 1);
  const ago = /^(\d+)daysAgo$/.exec(value)?.[1];
  if (ago !== undefined) return dateOf(dayNumber(today) - Number(ago));
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
  if (isDate && dateOf(dayNumber(value)) === value) return value;
  return bad(
    `Invalid ${at}: ${value}. The date must be in the format YYYY-MM-DD, NdaysAgo, yesterday or today.`,
  );
};

const dateRanges = (body: Json, today: string): Range[] => {
  const given = limited(list(body['dateRanges'], 'date_ranges'), 'date ranges');
  if (given.length === 0) bad('A dateRange is required for a report without cohorts.');
  return given.map((value, place) => {
    const at = `date_ranges[${place}]`;
    const range = message(value, at, ['startDate', 'endDate', 'name']);
    const from = day(text(range['startDate'], `${at}.start_date`), today, 'startDate');
    const to = day(text(range['endDate'], `${at}.end_date`), today, 'endDate');
    if (from > to) bad(`The startDate ${from} is after the endDate ${to}.`);
    return { from, to, name: text(range['name'], `${at}.name`) || `date_range_${place}` };
  });
};

const orderTypes = ['ORDER_TYPE_UNSPECIFIED', 'ALPHANUMERIC', 'CASE_INSENSITIVE_ALPHANUMERIC', 'NUMERIC'];

const orders = (body: Json, asked: { dimensions: string[]; metrics: string[] }): OrderBy[] =>
  list(body['orderBys'], 'order_bys').map((value, place) => {
    const at = `order_bys[${place}]`;
    const given = message(value, at, ['desc', 'metric', 'dimension', 'pivot']);
    const descending = flag(given['desc'], `${at}.desc`);
    if (given['dimension'] !== undefined) {
      const by = message(given['dimension'], `${at}.dimension`, ['dimensionName', 'orderType']);
      const name = text(by['dimensionName'], at);
      const type = text(by['orderType'], at) || 'ALPHANUMERIC';
      if (!orderTypes.includes(type))
        badPayload(`Invalid value at '${at}.dimension.order_type', "${type}"`, at);
      if (!asked.dimensions.includes(name))
        bad(`Order by dimension ${name} is not among the requested dimensions.`);
      return { kind: 'dimension', name, numeric: type === 'NUMERIC', descending };
    }
    if (given['metric'] === undefined) return bad('Each orderBy needs a dimension or a metric.');
    const name = text(message(given['metric'], `${at}.metric`, ['metricName'])['metricName'], at);
    if (!asked.metrics.includes(name)) bad(`Order by metric ${name} is not among the requested metrics.`);
    return { kind: 'metric', name, numeric: true, descending };
  });

/** Item-scoped fields go with one another and the date only. */
const checkCompatibility = (asked: { dimensions: string[]; metrics: string[] }): void => {
  const isItem = (name: string): boolean => facetOf(name) === 'item' || metrics[name]?.scope === 'item';
  const fields = [...asked.dimensions.filter((name) => name !== 'date'), ...asked.metrics];
  const [itemFields, others] = [fields.filter(isItem), fields.filter((name) => !isItem(name))];
  if (itemFields.length === 0 || others.length === 0) return;
  bad(
    `Please remove ${itemFields.join(', ')} to make the request compatible. The request's dimensions & metrics are incompatible. To learn more, see https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/`,
  );
};

const known = [
  'property',
  'dimensions',
  'metrics',
  'dateRanges',
  'dimensionFilter',
  'metricFilter',
  'offset',
  'limit',
  'metricAggregations',
  'orderBys',
  'currencyCode',
  'cohortSpec',
  'keepEmptyRows',
  'returnPropertyQuota',
  'comparisons',
];
const beyondSandbox = ['dimensionFilter', 'metricFilter', 'metricAggregations', 'cohortSpec', 'comparisons'];

/** @param today the day that the property's clock shows */
export const readReportRequest = (
  source: string,
  property: { id: string; currency: string },
  today: string,
): ReportRequest => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source === '' ? '{}' : source);
  } catch {
    return badPayload('Invalid JSON payload received. Expected a value.', '');
  }
  const body = message(parsed, '', known);
  const beyond = beyondSandbox.find((name) => body[name] !== undefined);
  if (beyond !== undefined) bad(`The sandbox does not know ${beyond}.`);
  const named = text(body['property'], 'property');
  if (named !== '' && named !== `properties/${property.id}`)
    bad('The property in the body must be that of the path.');
  const currency = text(body['currencyCode'], 'currency_code');
  if (currency !== '' && currency !== property.currency) bad(`The sandbox does not convert to ${currency}.`);

  const asked = { dimensions: dimensionNames(body), metrics: metricNames(body) };
  const all = [...asked.dimensions, ...asked.metrics];
  if (all.length === 0) bad('At least one dimension or metric is required.');
  const twice = all.find((name, place) => all.indexOf(name) !== place);
  if (twice !== undefined) bad(`Field ${twice} is requested more than once.`);
  checkCompatibility(asked);
  const limit = int64(body['limit'], 'limit');
  const offset = int64(body['offset'], 'offset') ?? 0;
  if (limit !== null && limit <= 0) bad('The limit must be positive.');
  if (offset < 0) bad('The offset must not be negative.');
  return {
    ...asked,
    ranges: dateRanges(body, today),
    // More is not refused: no answer has more rows, whatever is asked for.
    limit: Math.min(limit ?? usualRows, mostRows),
    offset,
    orderBys: orders(body, asked),
    keepEmptyRows: flag(body['keepEmptyRows'], 'keep_empty_rows'),
    returnPropertyQuota: flag(body['returnPropertyQuota'], 'return_property_quota'),
  };
};
