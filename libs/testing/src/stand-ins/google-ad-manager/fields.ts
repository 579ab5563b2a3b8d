/**
 * Dimensions and metrics that the sandbox reports on, with their numbers in the API's enums (report_definition.proto of v1), what they
 * are written as, and which of them go together.
 */
import { sum, type Cell, type Cube, type Numbers } from './delivery';

export interface Dimension {
  number: number;
  format: 'DATE' | 'IDENTIFIER' | 'STRING';
  /** Where it is known; a report needs one that knows all its dimensions. */
  cubes: readonly Cube[];
  of(cell: Cell): string;
}

export interface Metric {
  number: number;
  format: 'INTEGER' | 'PERCENT' | 'MONEY';
  cubes: readonly Cube[];
  /** MONEY in millionths; null where it can't be told, as for a rate of nothing. */
  of(numbers: Numbers, cells: readonly Cell[]): number | null;
}

const everywhere: readonly Cube[] = ['channels', 'devices', 'places'];
const onPages: readonly Cube[] = ['channels', 'devices'];

export const dimensions: Readonly<Record<string, Dimension>> = {
  DATE: { number: 3, format: 'DATE', cubes: everywhere, of: ({ date }) => date },
  AD_UNIT_ID: { number: 25, format: 'IDENTIFIER', cubes: onPages, of: ({ adUnit }) => adUnit?.id ?? '' },
  AD_UNIT_NAME: { number: 26, format: 'STRING', cubes: onPages, of: ({ adUnit }) => adUnit?.name ?? '' },
  DEMAND_CHANNEL_NAME: {
    number: 10,
    format: 'STRING',
    cubes: ['channels'],
    of: ({ channel = '' }) => channel,
  },
  DEVICE_CATEGORY_NAME: { number: 16, format: 'STRING', cubes: ['devices'], of: ({ device = '' }) => device },
  INVENTORY_FORMAT_NAME: {
    number: 18,
    format: 'STRING',
    cubes: ['devices'],
    of: ({ format = '' }) => format,
  },
  COUNTRY_ID: { number: 11, format: 'IDENTIFIER', cubes: ['places'], of: ({ countryId = '' }) => countryId },
  COUNTRY_CODE: {
    number: 466,
    format: 'STRING',
    cubes: ['places'],
    of: ({ countryCode = '' }) => countryCode,
  },
  COUNTRY_NAME: {
    number: 12,
    format: 'STRING',
    cubes: ['places'],
    of: ({ countryName = '' }) => countryName,
  },
  REGION_NAME: { number: 458, format: 'STRING', cubes: ['places'], of: ({ region = '' }) => region },
  METRO_NAME: { number: 454, format: 'STRING', cubes: ['places'], of: ({ metro = '' }) => metro },
  CITY_NAME: { number: 452, format: 'STRING', cubes: ['places'], of: ({ city = '' }) => city },
};

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const through =
  (channel: string) =>
  (_: Numbers, cells: readonly Cell[]): number =>
    sum(cells.filter((cell) => cell.channel === channel).map(({ numbers }) => numbers)).revenue;

const count = (number: number, cubes: readonly Cube[], of: (numbers: Numbers) => number): Metric => ({
  number,
  format: 'INTEGER',
  cubes,
  of,
});

export const metrics: Readonly<Record<string, Metric>> = {
  IMPRESSIONS: count(1, everywhere, ({ impressions }) => impressions),
  CLICKS: count(2, everywhere, ({ clicks }) => clicks),
  CTR: {
    number: 3,
    format: 'PERCENT',
    cubes: everywhere,
    of: ({ clicks, impressions }) => share(clicks, impressions),
  },
  REVENUE: { number: 36, format: 'MONEY', cubes: everywhere, of: ({ revenue }) => revenue },
  AVERAGE_ECPM: {
    number: 37,
    format: 'MONEY',
    cubes: everywhere,
    of: ({ revenue, impressions }) =>
      impressions === 0 ? null : Math.round((revenue * 1_000) / impressions),
  },
  // Who asks for an ad is not yet known by place: the API refuses these beside places.
  AD_REQUESTS: count(38, onPages, ({ adRequests }) => adRequests),
  FILL_RATE: {
    number: 258,
    format: 'PERCENT',
    cubes: onPages,
    of: ({ impressions, adRequests }) => share(impressions, adRequests),
  },
  UNFILLED_IMPRESSIONS: count(45, onPages, ({ adRequests, impressions }) =>
    Math.max(0, adRequests - impressions),
  ),
  AD_SERVER_REVENUE: { number: 33, format: 'MONEY', cubes: ['channels'], of: through('Ad server') },
  AD_EXCHANGE_REVENUE: { number: 17, format: 'MONEY', cubes: ['channels'], of: through('Ad Exchange') },
  ADSENSE_REVENUE: { number: 25, format: 'MONEY', cubes: ['channels'], of: through('AdSense') },
  ACTIVE_VIEW_MEASURABLE_IMPRESSIONS: count(57, onPages, ({ measurable }) => measurable),
  ACTIVE_VIEW_VIEWABLE_IMPRESSIONS: count(56, onPages, ({ viewable }) => viewable),
  ACTIVE_VIEW_VIEWABLE_IMPRESSIONS_RATE: {
    number: 59,
    format: 'PERCENT',
    cubes: onPages,
    of: ({ viewable, measurable }) => share(viewable, measurable),
  },
};

/** Of a name or number as JSON may give either; null for what is not in the enum. */
export const named = (
  fields: Readonly<Record<string, { number: number }>>,
  value: string | number,
): string | null =>
  Object.entries(fields).find(([name, { number }]) => name === value || number === value)?.[0] ?? null;

/** Millionths as exact decimal text: 1500000 → `1.5`. */
export const moneyText = (micros: number): string => {
  const digits = String(Math.abs(micros)).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${micros < 0 ? '-' : ''}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
};

export interface ReportRow {
  dimensions: string[];
  metrics: (number | null)[];
}

/** Cells gathered by the report's dimensions, in their order. */
export const rowsOf = (
  cells: readonly Cell[],
  dimensionNames: readonly string[],
  metricNames: readonly string[],
): ReportRow[] => {
  const groups = new Map<string, { values: string[]; cells: Cell[] }>();
  for (const cell of cells) {
    const values = dimensionNames.map((name) => dimensions[name]?.of(cell) ?? '');
    const key = JSON.stringify(values);
    const group = groups.get(key);
    if (group) group.cells.push(cell);
    else groups.set(key, { values, cells: [cell] });
  }
  return [...groups.values()].map((group) => {
    const numbers = sum(group.cells.map((cell) => cell.numbers));
    return {
      dimensions: group.values,
      metrics: metricNames.map((name) => metrics[name]?.of(numbers, group.cells) ?? null),
    };
  });
};
