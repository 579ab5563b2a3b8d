/** What the API makes of a report somebody wants to create: refused in its own words, or understood. */
import { dayNumber } from '../../market';
import { refuseAsGoogle } from '../google-identity';
import type { Cube } from './delivery';
import { dimensions, metrics, named } from './fields';
import type { SandboxNetwork } from './networks';

export interface ReportDefinition {
  dimensions: string[];
  metrics: string[];
  cube: Cube;
  /** Both inclusive. */
  from: string;
  to: string;
}

const invalid = (message: string, reason?: string): never =>
  refuseAsGoogle('INVALID_ARGUMENT', message, reason === undefined ? undefined : { reason, service });

const service = 'admanager.googleapis.com';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON as the front end reads it: an object with no other names than these. */
const members = (value: unknown, path: string, known: readonly string[]): Json => {
  if (!isObject(value)) return invalid(`Invalid value at '${path}', ${JSON.stringify(value)}`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined)
    return invalid(
      `Invalid JSON payload received. Unknown name "${unknown}" at '${path}': Cannot find field.`,
    );
  return value;
};

const enumValue = (
  value: unknown,
  path: string,
  names: Readonly<Record<string, { number: number }>>,
): string => {
  const found = typeof value === 'string' || typeof value === 'number' ? named(names, value) : null;
  return (
    found ??
    invalid(
      `Invalid value at '${path}' (type.googleapis.com/google.ads.admanager.v1), ${JSON.stringify(value)}`,
    )
  );
};

const list = (
  value: unknown,
  path: string,
  names: Readonly<Record<string, { number: number }>>,
): string[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return invalid(`Invalid value at '${path}', ${JSON.stringify(value)}`);
  const found = value.map((item, place) => enumValue(item, `${path}[${place}]`, names));
  if (new Set(found).size < found.length) return invalid(`Duplicate value in '${path}'.`, 'DUPLICATE_FIELD');
  return found;
};

const dateText = (value: unknown, path: string): string => {
  const { year, month, day } = members(value, path, ['year', 'month', 'day']);
  if (![year, month, day].every((part) => Number.isInteger(part)))
    return invalid(`Invalid value at '${path}'`);
  const text = [
    String(year).padStart(4, '0'),
    ...[month, day].map((part) => String(part).padStart(2, '0')),
  ].join('-');
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    return invalid(`'${path}' is not a valid date.`, 'INVALID_DATE');
  return text;
};

const reportTypes = Object.fromEntries(
  ['HISTORICAL', 'REACH', 'PRIVACY_AND_MESSAGING', 'REVENUE_VERIFICATION', 'PARTNER_FINANCE', 'AD_SPEED'].map(
    (name, place) => [name, { number: [1, 5, 6, 7, 8, 13][place] ?? 0 }],
  ),
);
const timeZoneSources = Object.fromEntries(
  ['TIME_ZONE_SOURCE_UNSPECIFIED', 'PUBLISHER', 'AD_EXCHANGE', 'UTC', 'PROVIDED'].map((name, number) => [
    name,
    { number },
  ]),
);
const visibilities = Object.fromEntries(
  ['HIDDEN', 'DRAFT', 'SAVED'].map((name, number) => [name, { number }]),
);

const definitionNames = [
  'dimensions',
  'metrics',
  'filters',
  'timeZoneSource',
  'timeZone',
  'currencyCode',
  'dateRange',
  'comparisonDateRange',
  'customDimensionKeyIds',
  'lineItemCustomFieldIds',
  'orderCustomFieldIds',
  'creativeCustomFieldIds',
  'reportType',
  'timePeriodColumn',
  'flags',
  'sorts',
];

const mostDays = 1_096;

/** @param body of `POST networks/{n}/reports` @throws Refusal */
export const understood = (body: unknown, network: SandboxNetwork): ReportDefinition => {
  const report = members(body, 'report', [
    'name',
    'visibility',
    'reportDefinition',
    'displayName',
    'scheduleOptions',
  ]);
  if (report['visibility'] !== undefined) enumValue(report['visibility'], 'report.visibility', visibilities);
  if (report['reportDefinition'] === undefined)
    return invalid("Required field 'report.report_definition' was not set.", 'REQUIRED');
  const path = 'report.report_definition';
  const definition = members(report['reportDefinition'], path, definitionNames);
  const wanted = list(definition['dimensions'], `${path}.dimensions`, dimensions);
  const measured = list(definition['metrics'], `${path}.metrics`, metrics);
  if (wanted.length === 0 && measured.length === 0) return invalid(`'${path}' has no fields.`, 'REQUIRED');
  if (enumValue(definition['reportType'], `${path}.report_type`, reportTypes) !== 'HISTORICAL')
    return invalid('The network has no reports of this type.', 'REPORT_TYPE_NOT_AVAILABLE');
  checkZoneAndMoney(definition, network);

  const fields = [...wanted.map((name) => dimensions[name]), ...measured.map((name) => metrics[name])];
  const cube = (['channels', 'devices', 'places'] as const).find((one) =>
    fields.every((field) => field?.cubes.includes(one)),
  );
  if (cube === undefined)
    return invalid(
      `Dimensions ${wanted.join(', ')} and metrics ${measured.join(', ')} are not compatible.`,
      'INCOMPATIBLE_FIELDS',
    );

  if (definition['dateRange'] === undefined)
    return invalid(`Required field '${path}.date_range' was not set.`, 'REQUIRED');
  const range = members(definition['dateRange'], `${path}.date_range`, ['fixed', 'relative']);
  if (range['fixed'] === undefined)
    return invalid('The sandbox knows fixed date ranges only.', 'INVALID_DATE_RANGE');
  const fixed = members(range['fixed'], `${path}.date_range.fixed`, ['startDate', 'endDate']);
  const from = dateText(fixed['startDate'], `${path}.date_range.fixed.start_date`);
  const to = dateText(fixed['endDate'], `${path}.date_range.fixed.end_date`);
  const days = dayNumber(to) - dayNumber(from) + 1;
  if (days < 1 || days > mostDays) return invalid('The date range is not valid.', 'INVALID_DATE_RANGE');
  return { dimensions: wanted, metrics: measured, cube, from, to };
};

const checkZoneAndMoney = (
  definition: Json,
  { currencyCode, secondaryCurrencyCodes }: SandboxNetwork,
): void => {
  const source = definition['timeZoneSource'] ?? 0;
  const name = enumValue(source, 'report.report_definition.time_zone_source', timeZoneSources);
  if (name === 'UTC' || name === 'AD_EXCHANGE')
    invalid(`Time zone source ${name} is not compatible with this report.`, 'INCOMPATIBLE_TIME_ZONE');
  const zone = definition['timeZone'] ?? '';
  if ((name === 'PROVIDED') !== (zone !== ''))
    invalid('time_zone goes with the source PROVIDED only.', 'INCOMPATIBLE_TIME_ZONE');
  const currency = definition['currencyCode'] ?? '';
  // Converting money is beyond the sandbox, which therefore knows the network's own alone.
  if (currency !== '' && currency !== currencyCode)
    invalid(
      secondaryCurrencyCodes.includes(String(currency))
        ? 'The sandbox converts no money.'
        : `Currency ${String(currency)} is not available in this network.`,
      'INVALID_CURRENCY',
    );
};
