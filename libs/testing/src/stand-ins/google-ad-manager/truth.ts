/** What the tables have to hold after a complete sync, from the sandbox's world rather than from its answers. */
import { datesBetween } from '../../market';
import { cellsOf, sum, type Cell, type Cube, type Numbers, type World } from './delivery';
import { moneyText } from './fields';

export type AdManagerStream = 'revenue' | 'geography' | 'cities' | 'inventory';

/** By column name. Ids, counts and money as exact text, rates as numbers. */
export type TruthRow = Record<string, string | number | null>;

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const ecpm = ({ revenue, impressions }: Numbers): string | null =>
  impressions === 0 ? null : moneyText(Math.round((revenue * 1_000) / impressions));

const delivered = (numbers: Numbers): TruthRow => ({
  impressions: String(numbers.impressions),
  clicks: String(numbers.clicks),
  ctr: rate(numbers.clicks, numbers.impressions),
  revenue: moneyText(numbers.revenue),
  average_ecpm: ecpm(numbers),
});

const requested = (numbers: Numbers): TruthRow => ({
  ad_requests: String(numbers.adRequests),
  fill_rate: rate(numbers.impressions, numbers.adRequests),
  unfilled_impressions: String(Math.max(0, numbers.adRequests - numbers.impressions)),
});

const onUnit = ({ date, adUnit }: Cell): TruthRow => ({
  date,
  ad_unit_id: adUnit?.id ?? '',
  ad_unit_name: adUnit?.name ?? '',
});

const inPlace = ({ date, countryId, countryCode, countryName }: Cell): TruthRow => ({
  date,
  country_id: countryId ?? '',
  country_code: countryCode ?? '',
  country_name: countryName ?? '',
});

const revenueVia = (cell: Cell, channel: string): string =>
  moneyText(cell.channel === channel ? cell.numbers.revenue : 0);

/** Cells of one country and day as one. */
const byCountry = (cells: readonly Cell[]): Cell[] => {
  const groups = Map.groupBy(cells, ({ date, countryId }) => `${date} ${countryId}`);
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({ ...first, numbers: sum(group.map(({ numbers }) => numbers)) })),
  );
};

const rowOf: Record<AdManagerStream, (cell: Cell) => TruthRow> = {
  revenue: (cell) => ({
    ...onUnit(cell),
    demand_channel_name: cell.channel ?? '',
    ...delivered(cell.numbers),
    ...requested(cell.numbers),
    ad_server_revenue: revenueVia(cell, 'Ad server'),
    ad_exchange_revenue: revenueVia(cell, 'Ad Exchange'),
    adsense_revenue: revenueVia(cell, 'AdSense'),
  }),
  geography: (cell) => ({ ...inPlace(cell), ...delivered(cell.numbers) }),
  cities: (cell) => ({
    ...inPlace(cell),
    region_name: cell.region ?? '',
    metro_name: cell.metro ?? '',
    city_name: cell.city ?? '',
    ...delivered(cell.numbers),
  }),
  inventory: (cell) => ({
    ...onUnit(cell),
    device_category_name: cell.device ?? '',
    inventory_format_name: cell.format ?? '',
    ...delivered(cell.numbers),
    ...requested(cell.numbers),
    active_view_measurable_impressions: String(cell.numbers.measurable),
    active_view_viewable_impressions: String(cell.numbers.viewable),
    active_view_viewable_rate: rate(cell.numbers.viewable, cell.numbers.measurable),
  }),
};

const cubeOf: Record<AdManagerStream, Cube> = {
  revenue: 'channels',
  geography: 'places',
  cities: 'places',
  inventory: 'devices',
};

export const truthOf = (world: World, stream: AdManagerStream, from: string, to: string): TruthRow[] => {
  const cells = cellsOf(world, cubeOf[stream], datesBetween(from, to));
  const { currencyCode } = world.network;
  return (stream === 'geography' ? byCountry(cells) : cells).map((cell) => ({
    ...rowOf[stream](cell),
    currency_code: currencyCode,
  }));
};
