/** The sandbox's project: a shop's tables in Europe, with every type there is, and Amazon's search query performance in America. */
import {
  chanceOf,
  dateOf,
  dayNumber,
  maturityOf,
  oneOf,
  seasonOf,
  wholeBetween,
  type Chance,
} from '../../market';
import { field, record, type Field, type Value } from './schema';

export interface SandboxTable {
  dataset: string;
  name: string;
  fields: readonly Field[];
  /** As the table is now. */
  rows(world: World): Value[][];
}

export interface World {
  chance: Chance;
  now: Date;
  /** 1: some 40 orders a day. */
  scale: number;
  /** Days since 1970 of the first day that there is. */
  firstDay: number;
  /** An order and an event dated a year from now. */
  hasFuture: boolean;
}

export const projectId = 'sandbox-marketing';

export const datasets: Readonly<Record<string, { location: string }>> = {
  shop: { location: 'EU' },
  amazon: { location: 'US' },
};

const day = 86_400_000;
const begin = Date.parse('2024-01-01T00:00:00Z');
/** Beyond what a JavaScript number holds exactly. */
const firstId = 9_007_199_254_740_993n;
const products = [
  'Linen shirt',
  'Wool cap',
  'Rain coat',
  'Canvas bag',
  'Leather belt',
  'Silk scarf',
] as const;

/** The last three digits of the microseconds make every moment one that milliseconds can't tell. */
const micros = (time: number, rest: number): string =>
  String(BigInt(Math.floor(time)) * 1_000n + BigInt(rest));

interface Order {
  number: number;
  placed: number;
  /** Each with the moment when it came about. */
  states: readonly [string, number][];
}

const orders = ({ chance, now, scale, firstDay, hasFuture }: World): Order[] => {
  const found: Order[] = [];
  const today = Math.floor(now.getTime() / day);
  for (let date = firstDay; date <= today; date++) {
    const count = Math.ceil(40 * scale * seasonOf(dateOf(date), chance));
    for (let nth = 0; nth < count; nth++) {
      const placed = date * day + chance('at', date, nth) * day;
      const number = (date - Math.floor(begin / day)) * 10_000 + nth;
      const paid = placed + chance('paid', number) * day;
      found.push({
        number,
        placed,
        states: [
          ['placed', placed],
          ['paid', paid],
          [
            chance('lost', number) < 0.05 ? 'cancelled' : 'shipped',
            paid + (0.5 + 2 * chance('shipped', number)) * day,
          ],
        ],
      });
    }
  }
  const known = found.filter(({ placed }) => placed <= now.getTime());
  const ahead = now.getTime() + 365 * day;
  return hasFuture ? [...known, { number: 99_999_999, placed: ahead, states: [['placed', ahead]] }] : known;
};

const money = (chance: number): string => (0.5 + 240 * chance ** 2).toFixed(2);

const order = ({ chance, now }: World, { number, placed, states }: Order): Value[] => {
  const [status, changed] = states.findLast(([, at]) => at <= now.getTime()) ??
    states[0] ?? ['placed', placed];
  const about = (what: string): number => chance(what, number);
  const items = Array.from({ length: wholeBetween(about('items'), 1, 3) }, (_, nth): Value => [
    `SKU-${wholeBetween(chance('sku', number, nth), 1, 30)}`,
    String(wholeBetween(chance('quantity', number, nth), 1, 4)),
    money(chance('price', number, nth)),
  ]);
  const shipping = dateOf(Math.floor(placed / day) + 3);
  return [
    String(firstId + BigInt(number)),
    `A-${number}`,
    status,
    micros(placed, number % 1_000),
    micros(changed, number % 1_000),
    shipping,
    about('slot') < 0.3
      ? null
      : `${shipping}T${String(wholeBetween(about('hour'), 8, 19)).padStart(2, '0')}:30:00.5`,
    '17:45:00',
    money(about('total')),
    `${wholeBetween(about('rate'), 1, 9)}.${'123456789'.repeat(4)}`,
    String(0.1 + about('weight') * 4),
    String(about('gift') < 0.1),
    [
      String(firstId + 7n * BigInt(number)),
      `Customer ${number % 977}`,
      dateOf(Math.floor(placed / day) - 90),
    ],
    items,
    about('tags') < 0.5 ? [] : ['returning', 'newsletter'],
    about('json') < 0.2 ? null : `{"channel":"web","id":${firstId + BigInt(number)}}`,
    Buffer.from([number % 256, 0, 255]).toString('base64'),
  ];
};

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

export const sandboxTables: readonly SandboxTable[] = [
  {
    dataset: 'shop',
    name: 'orders',
    fields: [
      field('order_id', 'INTEGER', 'REQUIRED'),
      field('order_number', 'STRING'),
      field('status', 'STRING'),
      field('placed_at', 'TIMESTAMP'),
      field('updated_at', 'TIMESTAMP'),
      field('ship_date', 'DATE'),
      field('delivery_slot', 'DATETIME'),
      field('cutoff', 'TIME'),
      field('total', 'NUMERIC'),
      field('exchange_rate', 'BIGNUMERIC'),
      field('weight_kg', 'FLOAT'),
      field('is_gift', 'BOOLEAN'),
      record('customer', [field('id', 'INTEGER'), field('name', 'STRING'), field('since', 'DATE')]),
      record(
        'items',
        [field('sku', 'STRING'), field('quantity', 'INTEGER'), field('price', 'NUMERIC')],
        'REPEATED',
      ),
      field('tags', 'STRING', 'REPEATED'),
      field('attributes', 'JSON'),
      field('signature', 'BYTES'),
    ],
    rows: (world) => orders(world).map((one) => order(world, one)),
  },
  {
    dataset: 'shop',
    name: 'order_events',
    fields: [
      field('event_id', 'STRING'),
      field('order_id', 'INTEGER'),
      field('kind', 'STRING'),
      field('at', 'TIMESTAMP'),
    ],
    rows: (world) =>
      orders(world).flatMap(({ number, states, placed }) =>
        states
          .filter(([, at]) => at <= Math.max(placed, world.now.getTime()))
          .map(([kind, at]): Value[] => [
            `${number}-${kind}`,
            String(firstId + BigInt(number)),
            kind,
            micros(at, number % 1_000),
          ]),
      ),
  },
  {
    dataset: 'shop',
    name: 'products',
    fields: [
      field('sku', 'STRING', 'REQUIRED'),
      field('name', 'STRING'),
      field('price', 'NUMERIC'),
      field('stock', 'INTEGER'),
    ],
    rows: ({ chance, now }) =>
      Array.from({ length: 30 }, (_, place): Value[] => [
        `SKU-${place + 1}`,
        `${oneOf(chance('product', place), products)} no. ${place + 1}`,
        money(chance('list price', place)),
        String(wholeBetween(chance('stock', place, now.toISOString().slice(0, 10)), 0, 400)),
      ]),
  },
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
