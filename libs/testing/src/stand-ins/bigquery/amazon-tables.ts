/** Amazon's search query performance, week by week: which searches showed, opened and sold which article. */
import { dateOf, dayNumber, maturityOf } from '../../market';
import { field, type Value } from './schema';
import { day, type SandboxTable, type World } from './world';

/** Weeks begin on Sunday; Amazon publishes one two days after its end. */
const weeks = ({ now, firstDay }: World): string[] => {
  const last = Math.floor(now.getTime() / day) - 9;
  const sunday = last - ((last + 4) % 7);
  const count = Math.max(4, Math.ceil((sunday - firstDay) / 7));
  return Array.from({ length: count }, (_, place) => dateOf(sunday - 7 * (count - 1 - place)));
};

const brands = [
  [
    'Northwind',
    [
      'Trail Bottle 750 ml',
      'Trail Bottle 1 l',
      'Summit Mug',
      'Camp Kettle',
      'Fold-flat Cup',
      'Steel Straw Set',
    ],
  ],
  [
    'Harbor & Pine',
    ['Cedar Candle', 'Sea Salt Candle', 'Linen Mist', 'Reed Diffuser', 'Wick Trimmer', 'Match Jar'],
  ],
] as const;

interface Article {
  asin: string;
  title: string;
  brand: string;
  words: readonly string[];
}

const articles: readonly Article[] = brands.flatMap(([brand, titles], nth) =>
  titles.map((title, place) => {
    const noun = title.toLowerCase().replace(/ \d.*$/, '');
    return {
      asin: `B0${nth}SANDBX${String.fromCharCode(65 + place)}`,
      title: `${brand} ${title}`,
      brand,
      words: [noun, `${brand.toLowerCase()} ${noun}`, `best ${noun}`, `${noun} gift`, `${noun} for travel`],
    };
  }),
);

const marketplaces = ['ATVPDKIKX0DER', 'A2EUQ1WTGCTBG2'] as const;

interface Funnel {
  impressions: number;
  clicks: number;
  carts: number;
  purchases: number;
  /** In the marketplace's money. */
  sales: string;
}

const funnel = (world: World, week: string, volume: number, ...about: string[]): Funnel => {
  const weekNumber = dayNumber(week) / 7;
  const age = Math.floor(dayNumber(world.now.toISOString().slice(0, 10)) / 7 - weekNumber) - 1;
  const share = maturityOf(age, 2);
  const of = (what: string): number => world.chance(what, week, ...about);
  const impressions = Math.floor(volume * (0.8 + 0.4 * of('impressions')) * share);
  const clicks = Math.floor(impressions * (0.02 + 0.03 * of('clicks')));
  const carts = Math.floor(clicks * (0.2 + 0.2 * of('carts')));
  const purchases = Math.floor(carts * (0.3 + 0.3 * of('purchases')));
  return {
    impressions,
    clicks,
    carts,
    purchases,
    sales: (purchases * (14 + Math.floor(20 * of('price')) + 0.99)).toFixed(2),
  };
};

const funnelFields = ['impressions', 'clicks', 'cart_adds', 'purchases'];

const asinRows = (world: World): Value[][] =>
  weeks(world).flatMap((week) =>
    marketplaces.flatMap((marketplace, nth) =>
      articles.map(({ asin, title, brand }) => {
        const { impressions, clicks, carts, purchases, sales } = funnel(
          world,
          week,
          nth === 0 ? 42_000 : 9_000,
          asin,
          marketplace,
        );
        const counts = [impressions, clicks, carts, purchases].map(String);
        return [week, marketplace, asin, title, brand, ...counts, sales];
      }),
    ),
  );

const queryRows = (world: World): Value[][] =>
  weeks(world).flatMap((week) =>
    marketplaces.flatMap((marketplace, nth) =>
      articles.flatMap(({ asin, brand, words }) =>
        words.map((query, place): Value[] => {
          const volume = Math.floor((nth === 0 ? 30_000 : 6_000) / (place + 1));
          const total = funnel(world, week, volume, query, marketplace);
          const own =
            world.chance('share', week, asin, query, marketplace) *
            (query.startsWith(brand.toLowerCase()) ? 0.48 : 0.2);
          const counts = [total.impressions, total.clicks, total.carts, total.purchases];
          const pairs = counts.flatMap((count) => [String(count), String(Math.floor(count * own))]);
          return [week, marketplace, asin, brand, query, String(volume), ...pairs, (9.99 + place).toFixed(2)];
        }),
      ),
    ),
  );

export const amazonTables: readonly SandboxTable[] = [
  {
    dataset: 'amazon',
    name: 'asin_performance',
    fields: [
      field('week', 'DATE', 'REQUIRED'),
      ...['marketplace', 'asin', 'product_title', 'brand'].map((name) => field(name, 'STRING')),
      ...funnelFields.map((name) => field(name, 'INTEGER')),
      field('sales', 'NUMERIC'),
    ],
    rows: asinRows,
  },
  {
    dataset: 'amazon',
    name: 'search_queries',
    fields: [
      field('week', 'DATE', 'REQUIRED'),
      ...['marketplace', 'asin', 'brand', 'search_query'].map((name) => field(name, 'STRING')),
      field('search_query_volume', 'INTEGER'),
      ...funnelFields.flatMap((name) => [
        field(`total_${name}`, 'INTEGER'),
        field(`asin_${name}`, 'INTEGER'),
      ]),
      field('median_price', 'NUMERIC'),
    ],
    rows: queryRows,
  },
];
