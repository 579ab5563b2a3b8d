/** A shop: orders that change for some days after they were placed, what became of each when, and its products. */
import { dateOf, oneOf, seasonOf, wholeBetween } from '../../market';
import { field, record, type Value } from './schema';
import { day, type SandboxTable, type World } from './world';

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

export const shopTables: readonly SandboxTable[] = [
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
];
